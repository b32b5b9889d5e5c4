import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Something that happened. `data` holds the publisher's JSON bytes as they came. */
@Entity({ name: 'event' })
export class EventRow {
  @PrimaryColumn({ name: 'tenant_id', type: 'uuid', primaryKeyConstraintName: 'event_pk' })
  readonly tenantId!: string;
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'event_pk' }) readonly id!: string;
  @Column({ type: 'text' }) readonly type!: string;
  @Column({ type: 'text', nullable: true }) readonly subject!: string | null;
  @Column({ name: 'occurred_at', type: 'timestamptz' }) readonly occurredAt!: Date;
  @Column({ name: 'accepted_at', type: 'timestamptz', default: () => 'now()' }) readonly acceptedAt!: Date;
  @Column({ type: 'bytea' }) readonly data!: Buffer;
}
