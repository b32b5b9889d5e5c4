import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The answer to a publishing request, kept for at least 24 h so that a repeated request gets the same one. */
@Entity({ name: 'idempotency_key' })
@Index('idempotency_key_created_idx', ['createdAt'])
export class IdempotencyKeyRow {
  @PrimaryColumn({ name: 'tenant_id', type: 'uuid', primaryKeyConstraintName: 'idempotency_key_pk' })
  readonly tenantId!: string;
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'idempotency_key_pk' }) readonly key!: string;
  @Column({ name: 'request_hash', type: 'bytea' }) readonly requestHash!: Buffer;
  @Column({ type: 'jsonb', nullable: true }) readonly response!: unknown;
  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' }) readonly createdAt!: Date;
}
