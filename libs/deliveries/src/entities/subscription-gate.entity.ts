import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What holds a subscription's deliveries back. Only those with an open circuit or a rate limit have a row. */
@Entity({ name: 'subscription_gate' })
export class SubscriptionGateRow {
  @PrimaryColumn({ name: 'subscription_id', type: 'uuid', primaryKeyConstraintName: 'subscription_gate_pk' })
  readonly subscriptionId!: string;
  @Column({ name: 'opened_at', type: 'timestamptz', nullable: true }) readonly openedAt!: Date | null;
  /** Null: the circuit is closed. Over: whoever claims one delivery and moves it on may probe the receiver. */
  @Column({ name: 'open_until', type: 'timestamptz', nullable: true }) readonly openUntil!: Date | null;
  /** Openings in a row without a success between them. */
  @Column({ name: 'opened_count', type: 'int', default: 0 }) readonly openedCount!: number;
  /** Attempts that may be made at once, as of `refilled_at`; null without a rate limit. */
  @Column({ type: 'double precision', nullable: true }) readonly tokens!: number | null;
  @Column({ name: 'refilled_at', type: 'timestamptz', nullable: true }) readonly refilledAt!: Date | null;
}
