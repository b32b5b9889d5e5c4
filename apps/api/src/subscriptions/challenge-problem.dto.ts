import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ProblemDto } from '#libs/http-api';
import type { ChallengeStep, StepName } from '#libs/subscriptions';

const STEPS: readonly StepName[] = ['resolve', 'policy', 'connect', 'tls', 'status', 'proof'];
const STATES: readonly ChallengeStep['status'][] = ['passed', 'failed', 'skipped'];

export class ChallengeStepDto implements ChallengeStep {
  @ApiProperty({ enum: STEPS })
  readonly name!: StepName;

  @ApiProperty({ enum: STATES })
  readonly status!: ChallengeStep['status'];

  @ApiProperty({ description: 'What was seen; for a failed step also what to do.' })
  readonly detail!: string;

  @ApiProperty({ type: Number, nullable: true })
  readonly durationMs!: number | null;
}

export class HandshakeDto {
  @ApiProperty({ example: 'echo' })
  readonly type!: string;

  @ApiProperty({ type: [ChallengeStepDto] })
  readonly steps!: ChallengeStepDto[];
}

export class ChallengeProblemDto extends ProblemDto {
  @ApiPropertyOptional({ description: 'With `challenge_failed`: how far the challenge got.' })
  readonly handshake?: HandshakeDto;
}
