import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** Something that happened. `data` holds the publisher's JSON bytes as they came. */
@Entity({ name: 'event' })
@Index('event_accepted_idx', ['acceptedAt'], { type: 'brin' })
@Index('event_feed_idx', ['tenantId', 'acceptedIn', 'id'])
export class EventRow {
  @PrimaryColumn({ name: 'tenant_id', type: 'uuid', primaryKeyConstraintName: 'event_pk' })
  readonly tenantId!: string;
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'event_pk' }) readonly id!: string;
  @Column({ type: 'text' }) readonly type!: string;
  @Column({ type: 'text', nullable: true }) readonly subject!: string | null;
  @Column({ name: 'occurred_at', type: 'timestamptz' }) readonly occurredAt!: Date;
  @Column({ name: 'accepted_at', type: 'timestamptz', default: () => 'now()' }) readonly acceptedAt!: Date;
  @Column({ type: 'bytea' }) readonly data!: Buffer;
  /** Whom it was accepted for: a delivery for each was written with it. Null: accepted before this was recorded. */
  @Column({ name: 'subscription_ids', type: 'uuid', array: true, nullable: true })
  readonly subscriptionIds!: string[] | null;
  /** The transaction that wrote it: the feed reads in this order. */
  @Column({ name: 'accepted_in', type: 'bigint', default: () => 'current_transaction()' })
  readonly acceptedIn!: string;
}
