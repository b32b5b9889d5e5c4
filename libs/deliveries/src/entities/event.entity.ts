import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** Something that happened. `data` holds the publisher's JSON bytes as they came. */
@Entity({ name: 'event' })
@Index('event_tenant_idx', ['tenantId', 'id'])
export class EventRow {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'event_pk' }) readonly id!: string;
  @Column({ name: 'tenant_id', type: 'uuid' }) readonly tenantId!: string;
  @Column({ type: 'text' }) readonly type!: string;
  @Column({ type: 'text', nullable: true }) readonly subject!: string | null;
  @Column({ name: 'occurred_at', type: 'timestamptz' }) readonly occurredAt!: Date;
  @Column({ name: 'accepted_at', type: 'timestamptz', default: () => 'now()' }) readonly acceptedAt!: Date;
  @Column({ type: 'bytea' }) readonly data!: Buffer;
}
