import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A tenant's secret for clients that prove to know it. */
@Entity({ name: 'shared_secret' })
export class SharedSecret {
  @PrimaryColumn({ name: 'tenant_id', type: 'uuid', primaryKeyConstraintName: 'shared_secret_pk' })
  tenantId!: string;
  /** Whose rights a client has that knows it. */
  @Column({ name: 'api_key_id', type: 'uuid' }) apiKeyId!: string;
  @Column({ type: 'bytea' }) ciphertext!: Buffer;
  @Column({ name: 'key_id', type: 'text' }) keyId!: string;
  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' }) createdAt!: Date;
}
