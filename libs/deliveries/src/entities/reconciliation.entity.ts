import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** How far reconciliation has come; one row. */
@Entity({ name: 'reconciliation' })
@Check('reconciliation_is_only_check', 'is_only')
export class ReconciliationRow {
  @PrimaryColumn({
    name: 'is_only',
    type: 'boolean',
    default: true,
    primaryKeyConstraintName: 'reconciliation_pk',
  })
  readonly isOnly!: boolean;
  /** Every event that was accepted before this time is in a window. */
  @Column({ name: 'checked_until', type: 'timestamptz' }) readonly checkedUntil!: Date;
  @Column({ name: 'ran_at', type: 'timestamptz', nullable: true }) readonly ranAt!: Date | null;
  @Column({ name: 'duration_ms', type: 'int', default: 0 }) readonly durationMs!: number;
  @Column({ name: 'rows_checked', type: 'bigint', default: 0 }) readonly rowsChecked!: string;
  /** What was accepted before this time is in the numbers that were counted last. */
  @Column({ name: 'counted_until', type: 'timestamptz' }) readonly countedUntil!: Date;
}

/** A stretch of acceptance time that is looked at as a whole. */
@Entity({ name: 'reconciliation_window' })
export class ReconciliationWindowRow {
  @PrimaryColumn({
    name: 'started_at',
    type: 'timestamptz',
    primaryKeyConstraintName: 'reconciliation_window_pk',
  })
  readonly startedAt!: Date;
  @Column({ name: 'ended_at', type: 'timestamptz' }) readonly endedAt!: Date;
  @Column({ name: 'checked_at', type: 'timestamptz' }) readonly checkedAt!: Date;
  @Column({ type: 'int' }) readonly accepted!: number;
  /** How many of each kind the last look found. */
  @Column({ type: 'jsonb', default: {} }) readonly differences!: Readonly<Record<string, number>>;
}

/** What the last look at a window counted for a subscription. */
@Entity({ name: 'reconciliation_tally' })
export class ReconciliationTallyRow {
  @PrimaryColumn({
    name: 'started_at',
    type: 'timestamptz',
    primaryKeyConstraintName: 'reconciliation_tally_pk',
  })
  readonly startedAt!: Date;
  @PrimaryColumn({
    name: 'tenant_id',
    type: 'uuid',
    primaryKeyConstraintName: 'reconciliation_tally_pk',
  })
  readonly tenantId!: string;
  @PrimaryColumn({
    name: 'subscription_id',
    type: 'uuid',
    primaryKeyConstraintName: 'reconciliation_tally_pk',
  })
  readonly subscriptionId!: string;
  @Column({ type: 'int' }) readonly accepted!: number;
  @Column({ type: 'int' }) readonly found!: number;
}

/** The sum of a subscription's tallies; and that sum and the states of its deliveries as they were counted last. */
@Entity({ name: 'reconciliation_total' })
export class ReconciliationTotalRow {
  @PrimaryColumn({
    name: 'tenant_id',
    type: 'uuid',
    primaryKeyConstraintName: 'reconciliation_total_pk',
  })
  readonly tenantId!: string;
  @PrimaryColumn({
    name: 'subscription_id',
    type: 'uuid',
    primaryKeyConstraintName: 'reconciliation_total_pk',
  })
  readonly subscriptionId!: string;
  @Column({ type: 'bigint' }) readonly accepted!: string;
  @Column({ type: 'bigint' }) readonly found!: string;
  @Column({ type: 'bigint', default: 0 }) readonly pending!: string;
  @Column({ type: 'bigint', default: 0 }) readonly exhausted!: string;
  @Column({ type: 'bigint', default: 0 }) readonly discarded!: string;
  @Column({ name: 'counted_accepted', type: 'bigint', default: 0 }) readonly countedAccepted!: string;
  @Column({ name: 'counted_found', type: 'bigint', default: 0 }) readonly countedFound!: string;
}

/** Something that is not as it must be. A window names up to a thousand of a kind; repaired ones stay for a month. */
@Entity({ name: 'reconciliation_difference' })
@Index('reconciliation_difference_window_idx', ['windowStartedAt'], { where: 'repaired_at IS NULL' })
export class ReconciliationDifferenceRow {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'reconciliation_difference_pk' })
  readonly kind!: string;
  /** For what waits in an outbox, the id that the event will have. */
  @PrimaryColumn({
    name: 'event_id',
    type: 'uuid',
    primaryKeyConstraintName: 'reconciliation_difference_pk',
  })
  readonly eventId!: string;
  /** The nil UUID where no subscription is concerned. */
  @PrimaryColumn({
    name: 'subscription_id',
    type: 'uuid',
    primaryKeyConstraintName: 'reconciliation_difference_pk',
  })
  readonly subscriptionId!: string;
  @Column({ name: 'tenant_id', type: 'uuid' }) readonly tenantId!: string;
  @Column({ name: 'delivery_id', type: 'uuid', nullable: true }) readonly deliveryId!: string | null;
  @Column({ name: 'window_started_at', type: 'timestamptz', nullable: true })
  readonly windowStartedAt!: Date | null;
  @Column({ name: 'found_at', type: 'timestamptz', default: () => 'now()' }) readonly foundAt!: Date;
  @Column({ name: 'repaired_at', type: 'timestamptz', nullable: true }) readonly repairedAt!: Date | null;
}
