import { ApiProperty } from '@nestjs/swagger';
import {
  type AttemptView,
  DELIVERY_STATUSES,
  type DeliveryStatus,
  type DeliveryView,
} from '#libs/deliveries';
import { PageOf } from '../http/page.dto.js';

const OUTCOMES = ['delivered', 'retryable', 'permanent'] as const;

export class LastAttemptDto {
  @ApiProperty({ format: 'date-time' })
  readonly at!: string;

  @ApiProperty({ enum: OUTCOMES })
  readonly outcome!: (typeof OUTCOMES)[number];

  @ApiProperty({ type: 'integer', nullable: true, example: 503 })
  readonly responseStatus!: number | null;

  @ApiProperty({ type: String, nullable: true, example: 'status_5xx' })
  readonly errorType!: string | null;
}

/** One event on its way to one subscription. */
export class DeliveryDto implements DeliveryView {
  @ApiProperty({ example: 'dlv_01h455vb4pex5vsknk084sn02q' })
  readonly id!: string;

  @ApiProperty({ example: 'ten_01j0000000e008000000000001' })
  readonly tenantId!: string;

  @ApiProperty({ example: 'evt_01h455vb4pex5vsknk084sn02q' })
  readonly eventId!: string;

  @ApiProperty({ example: 'guestbook.entry.created' })
  readonly eventType!: string;

  @ApiProperty({ example: 'sub_01h455vb4pex5vsknk084sn02q' })
  readonly subscriptionId!: string;

  @ApiProperty({ format: 'uri' })
  readonly url!: string;

  @ApiProperty({ enum: DELIVERY_STATUSES })
  readonly status!: DeliveryStatus;

  @ApiProperty({ type: String, nullable: true, description: 'Why it is exhausted or discarded.' })
  readonly reason!: string | null;

  @ApiProperty({ type: 'integer' })
  readonly attemptCount!: number;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  readonly nextAttemptAt!: string | null;

  @ApiProperty({ format: 'date-time' })
  readonly createdAt!: string;

  @ApiProperty({ description: 'One sentence: what happens next, and why.' })
  readonly next!: string;

  @ApiProperty({ type: LastAttemptDto, nullable: true })
  readonly lastAttempt!: LastAttemptDto | null;
}

/** One HTTP try of a delivery. */
export class AttemptDto implements AttemptView {
  @ApiProperty({ type: 'integer', example: 1 })
  readonly number!: number;

  @ApiProperty({ format: 'date-time' })
  readonly startedAt!: string;

  @ApiProperty({ type: 'integer' })
  readonly durationMs!: number;

  @ApiProperty({
    description: 'Milliseconds of each phase; null for one that was not needed or not reached.',
    type: 'object',
    additionalProperties: { type: 'number', nullable: true },
    example: { resolveMs: 1, connectMs: 12, tlsMs: 20, firstByteMs: 41, totalMs: 42 },
  })
  readonly timings!: Readonly<Record<string, number | null>>;

  @ApiProperty({ format: 'uri' })
  readonly url!: string;

  @ApiProperty({ enum: OUTCOMES })
  readonly outcome!: (typeof OUTCOMES)[number];

  @ApiProperty({ type: String, nullable: true, description: 'What went wrong, as one stable word.' })
  readonly errorType!: string | null;

  @ApiProperty({ type: String, nullable: true })
  readonly errorDetail!: string | null;

  @ApiProperty({ type: 'integer', nullable: true })
  readonly responseStatus!: number | null;

  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' }, nullable: true })
  readonly responseHeaders!: Readonly<Record<string, string>> | null;

  @ApiProperty({ type: String, nullable: true, description: 'The first 16 KiB of the answer.' })
  readonly responseBody!: string | null;

  @ApiProperty()
  readonly responseBodyTruncated!: boolean;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'What the receiver asked for by `Retry-After`.',
  })
  readonly retryAfterMs!: number | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  readonly nextAttemptAt!: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    example: null,
    description:
      'The delivery whose request stood for this one as well, and with which the answer is kept; null: it had its own.',
  })
  readonly carriedBy!: string | null;
}

export class DeliveryDetailDto extends DeliveryDto {
  @ApiProperty({ type: [AttemptDto] })
  readonly attempts!: AttemptDto[];

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'One sentence, if attempts are missing because they are older than they are kept.',
  })
  readonly attemptsNote!: string | null;
}

export class DeliveryPageDto extends PageOf(DeliveryDto) {}
