import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';

/**
 * pending: will be tried (again) · delivered: a 2xx came · exhausted: the schedule is over, replay is possible ·
 * discarded: nobody wants it any more, see `reason`.
 */
export type DeliveryStatus = 'pending' | 'delivered' | 'exhausted' | 'discarded';
export const DELIVERY_STATUSES: readonly DeliveryStatus[] = [
  'pending',
  'delivered',
  'exhausted',
  'discarded',
];

/** One event on its way to one subscription. The row is the truth; a broker message only carries work. */
@Entity({ name: 'delivery' })
@Unique('delivery_event_subscription_key', ['eventId', 'subscriptionId'])
@Index('delivery_subscription_idx', ['subscriptionId', 'id'])
@Index('delivery_due_idx', ['subscriptionId', 'nextAttemptAt'], { where: 'next_attempt_at IS NOT NULL' })
@Index('delivery_over_idx', ['tenantId', 'id'], { where: 'reason IS NOT NULL' })
@Index('delivery_subscription_over_idx', ['subscriptionId', 'id'], { where: 'reason IS NOT NULL' })
@Index('delivery_waiting_idx', ['subscriptionId', 'id'], { where: 'next_attempt_at IS NOT NULL' })
@Check('delivery_status_check', `status IN ('pending', 'delivered', 'exhausted', 'discarded')`)
export class DeliveryRow {
  @PrimaryColumn({ name: 'tenant_id', type: 'uuid', primaryKeyConstraintName: 'delivery_pk' })
  readonly tenantId!: string;
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'delivery_pk' }) readonly id!: string;
  @Column({ name: 'event_id', type: 'uuid' }) readonly eventId!: string;
  @Column({ name: 'subscription_id', type: 'uuid' }) readonly subscriptionId!: string;
  @Column({ name: 'event_type', type: 'text' }) readonly eventType!: string;
  @Column({ type: 'text', default: 'pending' }) readonly status!: DeliveryStatus;
  @Column({ type: 'text', nullable: true }) readonly reason!: string | null;
  @Column({ name: 'attempt_count', type: 'int', default: 0 }) readonly attemptCount!: number;
  /**
   * When it may be tried; `infinity` while its subscription is paused or disabled. Null when it is done, and while it
   * is on its way for the first time: a DeliveryLeaseRow stands for it then.
   */
  @Column({ name: 'next_attempt_at', type: 'timestamptz', nullable: true, default: () => 'now()' })
  readonly nextAttemptAt!: Date | null;
  /** Until when one worker alone may try it, by the database's clock. */
  @Column({ name: 'lease_until', type: 'timestamptz', nullable: true }) readonly leaseUntil!: Date | null;
  /** Grows with every lease; an outcome with an older fence changes nothing. */
  @Column({ type: 'int', default: 0 }) readonly fence!: number;
  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' }) readonly createdAt!: Date;
}
