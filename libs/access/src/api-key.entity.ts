import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import type { Role } from './principal.js';
import { Tenant } from './tenant.entity.js';

/** A key to the API; the key itself is shown once and stored nowhere. */
@Entity({ name: 'api_key' })
@Unique('api_key_hash_key', ['hash'])
@Index('api_key_tenant_idx', ['tenantId', 'id'])
@Check('api_key_role_check', `role IN ('viewer', 'manager', 'admin')`)
export class ApiKey {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'api_key_pk' }) id!: string;
  /** Null: a key of the platform, which may act for every tenant. */
  @ForeignKey(() => Tenant, { name: 'api_key_tenant_fk' })
  @Column({ name: 'tenant_id', type: 'uuid', nullable: true })
  tenantId!: string | null;
  @Column({ type: 'text' }) role!: Role;
  @Column({ type: 'text' }) name!: string;
  /** SHA-256: enough for 256 random bits, and quick enough for every request. */
  @Column({ type: 'bytea' }) hash!: Buffer;
  @Column({ name: 'last_four', type: 'text' }) lastFour!: string;
  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' }) createdAt!: Date;
  @Column({ name: 'expires_at', type: 'timestamptz', nullable: true }) expiresAt!: Date | null;
  @Column({ name: 'revoked_at', type: 'timestamptz', nullable: true }) revokedAt!: Date | null;
  @Column({ name: 'last_used_at', type: 'timestamptz', nullable: true }) lastUsedAt!: Date | null;
}
