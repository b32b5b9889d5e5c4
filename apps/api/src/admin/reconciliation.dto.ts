import { ApiProperty } from '@nestjs/swagger';
import {
  DIFFERENCE_KINDS,
  type DeliveryNumbers,
  type DifferenceKind,
  type DifferencesOfKind,
  type NamedDifference,
  type ReconciliationView,
} from '#libs/deliveries';

class DeliveryNumbersDto implements DeliveryNumbers {
  @ApiProperty({ type: 'integer', description: 'Deliveries that accepted events were planned to have.' })
  readonly accepted!: number;

  @ApiProperty({ type: 'integer' })
  readonly delivered!: number;

  @ApiProperty({ type: 'integer' })
  readonly pending!: number;

  @ApiProperty({ type: 'integer' })
  readonly exhausted!: number;

  @ApiProperty({ type: 'integer' })
  readonly discarded!: number;
}

class TenantNumbersDto extends DeliveryNumbersDto {
  @ApiProperty()
  readonly tenantId!: string;
}

class SubscriptionNumbersDto extends TenantNumbersDto {
  @ApiProperty()
  readonly subscriptionId!: string;
}

class NamedDifferenceDto implements NamedDifference {
  @ApiProperty()
  readonly tenantId!: string;

  @ApiProperty()
  readonly eventId!: string;

  @ApiProperty({ type: String, nullable: true, description: 'Null for what waits in an outbox.' })
  readonly subscriptionId!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Null where there is no delivery.' })
  readonly deliveryId!: string | null;

  @ApiProperty({ format: 'date-time' })
  readonly foundAt!: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  readonly repairedAt!: string | null;
}

class DifferencesOfKindDto implements DifferencesOfKind {
  @ApiProperty({ enum: DIFFERENCE_KINDS })
  readonly kind!: DifferenceKind;

  @ApiProperty({ type: 'integer' })
  readonly count!: number;

  @ApiProperty({ type: [NamedDifferenceDto], description: 'Up to ten of them.' })
  readonly sample!: NamedDifferenceDto[];
}

export class ReconciliationDto implements ReconciliationView {
  @ApiProperty({
    format: 'date-time',
    description: 'Everything that was accepted before this time is in the numbers.',
  })
  readonly checkedUntil!: string;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When the last round was; it runs every ten seconds in one of the dispatchers.',
  })
  readonly ranAt!: string | null;

  @ApiProperty({ type: 'integer', description: 'How long it took.' })
  readonly durationMs!: number;

  @ApiProperty({ type: 'integer', description: 'Deliveries compared so far, in all rounds.' })
  readonly rowsChecked!: number;

  @ApiProperty({
    description:
      'accepted = delivered + pending + exhausted + discarded for everyone, and there is no difference of any kind.',
  })
  readonly balanced!: boolean;

  @ApiProperty()
  readonly totals!: DeliveryNumbersDto;

  @ApiProperty({
    type: [TenantNumbersDto],
    description: 'The tenants of the subscriptions on this page, with all that is theirs.',
  })
  readonly tenants!: TenantNumbersDto[];

  @ApiProperty({
    type: [SubscriptionNumbersDto],
    description: 'Those that events were ever accepted for, a page of them.',
  })
  readonly subscriptions!: SubscriptionNumbersDto[];

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Give it as `cursor` to get the next page of subscriptions; null at the end.',
  })
  readonly nextCursor!: string | null;

  @ApiProperty({ type: [DifferencesOfKindDto], description: 'What is not as it must be, now.' })
  readonly differences!: DifferencesOfKindDto[];

  @ApiProperty({ type: [DifferencesOfKindDto], description: 'What was put right in the last 30 days.' })
  readonly repaired!: DifferencesOfKindDto[];
}
