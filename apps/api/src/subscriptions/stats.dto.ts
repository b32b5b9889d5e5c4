import { ApiProperty } from '@nestjs/swagger';
import type { StatsView, StatsWindow } from '#libs/deliveries';

export class DeliveryCountsDto {
  @ApiProperty({ type: 'integer' }) readonly pending!: number;
  @ApiProperty({ type: 'integer' }) readonly delivered!: number;
  @ApiProperty({ type: 'integer' }) readonly exhausted!: number;
  @ApiProperty({ type: 'integer' }) readonly discarded!: number;
}

export class LatencyDto {
  @ApiProperty() readonly p50!: number;
  @ApiProperty() readonly p95!: number;
  @ApiProperty() readonly p99!: number;
}

export class StatsWindowDto {
  @ApiProperty({ type: DeliveryCountsDto, description: 'Deliveries that were made in this time.' })
  readonly deliveries!: DeliveryCountsDto;

  @ApiProperty({ type: 'integer' })
  readonly attempts!: number;

  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'From 0 to 1: the share of attempts that delivered; null if there were none.',
  })
  readonly successRate!: number | null;

  @ApiProperty({ type: LatencyDto, nullable: true, description: 'Of attempts, in milliseconds.' })
  readonly latencyMs!: LatencyDto | null;
}

export class SubscriptionStatsDto {
  @ApiProperty({ type: StatsWindowDto }) readonly lastHour!: StatsWindow;
  @ApiProperty({ type: StatsWindowDto }) readonly lastDay!: StatsWindow;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'Within the last day.' })
  readonly lastSuccessAt!: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'Within the last day.' })
  readonly lastFailureAt!: string | null;

  @ApiProperty({ description: 'False: only the newest 10,000 deliveries of the day are counted.' })
  readonly isComplete!: boolean;

  static of({ lastSuccessAt, lastFailureAt, ...rest }: StatsView): SubscriptionStatsDto {
    const [success, failure] = [lastSuccessAt, lastFailureAt].map((time) => time?.toISOString() ?? null);
    return { ...rest, lastSuccessAt: success ?? null, lastFailureAt: failure ?? null };
  }
}
