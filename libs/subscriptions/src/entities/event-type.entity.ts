import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An event type that a tenant publishes, with what its data looks like. */
@Entity({ name: 'event_type' })
export class EventType {
  @PrimaryColumn({ name: 'tenant_id', type: 'uuid', primaryKeyConstraintName: 'event_type_pk' })
  tenantId!: string;
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'event_type_pk' }) name!: string;
  @Column({ type: 'text', default: '' }) description!: string;
  @Column({ type: 'jsonb', nullable: true }) schema!: Record<string, unknown> | null;
  @Column({ type: 'jsonb', nullable: true }) example!: unknown;
  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' }) createdAt!: Date;
  @Column({ name: 'archived_at', type: 'timestamptz', nullable: true }) archivedAt!: Date | null;
}
