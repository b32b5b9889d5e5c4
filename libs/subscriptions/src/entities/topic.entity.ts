import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';

/** Event types that a tenant makes public: whoever knows the token may read them and subscribe to them. */
@Entity({ name: 'topic' })
@Unique('topic_token_key', ['token'])
@Index('topic_tenant_idx', ['tenantId', 'id'])
export class Topic {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'topic_pk' }) id!: string;
  @Column({ name: 'tenant_id', type: 'uuid' }) tenantId!: string;
  @Column({ type: 'text' }) token!: string;
  @Column({ name: 'event_types', type: 'text', array: true }) eventTypes!: string[];
  /** As its tenant wrote it; null: every event of its types. */
  @Column({ type: 'jsonb', nullable: true }) filter!: Record<string, unknown> | null;
  @Column({ type: 'text', nullable: true }) description!: string | null;
  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' }) createdAt!: Date;
}
