import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** One change that somebody asked for, or that the platform made by itself. */
@Entity({ name: 'audit_log' })
@Index('audit_log_tenant_idx', ['tenantId', 'id'])
export class AuditEntryRow {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'audit_log_pk' }) id!: string;
  @Column({ type: 'timestamptz', default: () => 'now()' }) at!: Date;
  /** The API key that asked; null for the platform itself. */
  @Column({ name: 'actor_key_id', type: 'uuid', nullable: true }) actorKeyId!: string | null;
  /** For whom; null for what concerns the platform. */
  @Column({ name: 'tenant_id', type: 'uuid', nullable: true }) tenantId!: string | null;
  /** The operation's id in the OpenAPI document. */
  @Column({ type: 'text' }) operation!: string;
  @Column({ type: 'text' }) path!: string;
  /** The id of what was made, where the path has none. */
  @Column({ name: 'object_id', type: 'text', nullable: true }) objectId!: string | null;
  /** Names of the fields that the request set; never what they were set to. */
  @Column({ type: 'text', array: true, default: [] }) fields!: string[];
  @Column({ name: 'request_id', type: 'text', nullable: true }) requestId!: string | null;
  /** `done`, or the code of the problem; null while it is under way, and for ever if the process died then. */
  @Column({ type: 'text', nullable: true }) outcome!: string | null;
  /** Why the platform did it. */
  @Column({ type: 'text', nullable: true }) reason!: string | null;
}
