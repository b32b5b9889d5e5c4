import { ApiProperty } from '@nestjs/swagger';
import type { OverviewView } from '#libs/deliveries';

class LastHourDto {
  @ApiProperty({ type: 'integer' })
  readonly attempts!: number;

  @ApiProperty({ type: 'integer' })
  readonly delivered!: number;

  @ApiProperty({ type: 'integer' })
  readonly failed!: number;
}

class SubscriptionCountsDto {
  @ApiProperty({ type: 'integer' })
  readonly pending!: number;

  @ApiProperty({ type: 'integer' })
  readonly active!: number;

  @ApiProperty({ type: 'integer' })
  readonly paused!: number;

  @ApiProperty({ type: 'integer' })
  readonly disabled!: number;
}

class FailingSubscriptionDto {
  @ApiProperty()
  readonly subscriptionId!: string;

  @ApiProperty()
  readonly tenantId!: string;

  @ApiProperty({ format: 'uri' })
  readonly url!: string;

  @ApiProperty({ type: 'integer', description: 'Failed attempts in the last hour.' })
  readonly failed!: number;

  @ApiProperty({ type: String, nullable: true })
  readonly lastErrorType!: string | null;
}

export class OverviewDto implements OverviewView {
  @ApiProperty({
    type: 'integer',
    description: 'Deliveries that are not finished; above 10,000 an estimate.',
  })
  readonly pending!: number;

  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'Age of the oldest delivery that is due and not taken; the number that tells of trouble.',
  })
  readonly oldestDueSeconds!: number | null;

  @ApiProperty()
  readonly lastHour!: LastHourDto;

  @ApiProperty()
  readonly subscriptions!: SubscriptionCountsDto;

  @ApiProperty({
    type: [FailingSubscriptionDto],
    description: 'Those with most failed attempts in the last hour, of the newest 2,000.',
  })
  readonly topFailures!: FailingSubscriptionDto[];
}
