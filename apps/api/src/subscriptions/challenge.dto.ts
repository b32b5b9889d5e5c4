import { ApiProperty } from '@nestjs/swagger';
import type { ChallengeRecord, TranscriptEntry } from '#libs/subscriptions';
import { PageOf } from '../http/page.dto.js';
import { ChallengeStepDto } from './challenge-problem.dto.js';

const PURPOSES: readonly ChallengeRecord['purpose'][] = [
  'consent',
  'reverification',
  'probe',
  'unsubscribe',
  'denial',
];
const OUTCOMES: readonly ChallengeRecord['outcome'][] = ['passed', 'failed', 'refused', 'waiting'];
const HEADERS = { type: 'object', additionalProperties: { type: 'string' } } as const;

class ChallengeRequestDto {
  @ApiProperty({ example: 'POST' })
  readonly method!: string;

  @ApiProperty()
  readonly url!: string;

  @ApiProperty(HEADERS)
  readonly headers!: Readonly<Record<string, string>>;

  @ApiProperty()
  readonly body!: string;
}

class ChallengeResponseDto {
  @ApiProperty({ type: 'integer' })
  readonly status!: number;

  @ApiProperty(HEADERS)
  readonly headers!: Readonly<Record<string, string>>;

  @ApiProperty({ type: String, nullable: true, description: 'Shown only of an answer that was a proof.' })
  readonly body!: string | null;

  @ApiProperty({ type: 'integer' })
  readonly bodyBytes!: number;
}

class ChallengeExchangeDto implements TranscriptEntry {
  @ApiProperty()
  readonly request!: ChallengeRequestDto;

  @ApiProperty({ type: ChallengeResponseDto, nullable: true, description: 'Null: there was no answer.' })
  readonly response!: ChallengeResponseDto | null;
}

/** One time that a subscription's URL was asked something. */
export class ChallengeDto {
  @ApiProperty({ format: 'uuid' })
  readonly id!: string;

  @ApiProperty({
    enum: PURPOSES,
    description:
      'consent: does it want events; reverification: still; probe: does it verify signatures; unsubscribe: does it leave a topic; denial: it was told that it gets nothing.',
  })
  readonly purpose!: ChallengeRecord['purpose'];

  @ApiProperty({ example: 'echo' })
  readonly handshake!: string;

  @ApiProperty({ format: 'uri' })
  readonly url!: string;

  @ApiProperty({
    enum: OUTCOMES,
    description: 'refused: the URL is not allowed, so nothing was sent; waiting: it may consent later.',
  })
  readonly outcome!: ChallengeRecord['outcome'];

  @ApiProperty({ type: [ChallengeStepDto] })
  readonly steps!: ChallengeStepDto[];

  @ApiProperty({ type: [ChallengeExchangeDto], description: 'What was said, with secrets masked.' })
  readonly transcript!: ChallengeExchangeDto[];

  @ApiProperty({ format: 'date-time' })
  readonly startedAt!: string;

  static of(record: ChallengeRecord): ChallengeDto {
    const { id, purpose, handshake, url, outcome, steps, transcript } = record;
    // Which step failed before a socket opened would tell of the operator's network.
    const shown = outcome === 'refused' ? { steps: [], transcript: [] } : { steps, transcript };
    return { id, purpose, handshake, url, outcome, ...shown, startedAt: record.startedAt.toISOString() };
  }
}

export class ChallengePageDto extends PageOf(ChallengeDto) {}
