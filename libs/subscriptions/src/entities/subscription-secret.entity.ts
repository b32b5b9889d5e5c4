import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Subscription } from './subscription.entity.js';

/** A secret of a subscription, encrypted; during a rotation two are live. */
@Entity({ name: 'subscription_secret' })
export class SubscriptionSecret {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'subscription_secret_pk' }) id!: string;
  @Column({ name: 'tenant_id', type: 'uuid' }) tenantId!: string;
  @Index('subscription_secret_subscription_idx')
  @ForeignKey(() => Subscription, { name: 'subscription_secret_subscription_fk' })
  @Column({ name: 'subscription_id', type: 'uuid' })
  subscriptionId!: string;
  @Column({ type: 'bytea' }) ciphertext!: Buffer;
  @Column({ name: 'key_id', type: 'text' }) keyId!: string;
  @Column({ name: 'last_four', type: 'text' }) lastFour!: string;
  /** The half that may be shown, of a secret that has one. */
  @Column({ name: 'public_key', type: 'text', nullable: true }) publicKey!: string | null;
  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' }) createdAt!: Date;
  /** Null: until it is rotated. */
  @Column({ name: 'valid_until', type: 'timestamptz', nullable: true }) validUntil!: Date | null;
}
