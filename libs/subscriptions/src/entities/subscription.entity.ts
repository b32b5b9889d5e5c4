import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { AddOnName, EnvelopeName, Framing, HandshakeName } from '#libs/signing';
import type { ProbeVerdict } from '../challenge/probe-verdict.js';
import type { EarlierChoice } from '../directory/directory-rows.js';
import type { RetrySettings } from '../directory/target.js';

/**
 * pending: waits for its challenge · active: gets events · paused: its deliveries are held · disabled: gets nothing
 * until it is verified again.
 */
export type SubscriptionStatus = 'pending' | 'active' | 'paused' | 'disabled';

/** A URL that wants some events. */
@Entity({ name: 'subscription' })
@Index('subscription_tenant_idx', ['tenantId', 'id'], { where: 'deleted_at IS NULL' })
@Index('subscription_topic_idx', ['topicId'], { where: 'topic_id IS NOT NULL AND deleted_at IS NULL' })
@Index('subscription_lease_idx', ['leaseUntil'], { where: 'lease_until IS NOT NULL AND deleted_at IS NULL' })
// Over a field of the config, which an entity cannot say.
@Index('subscription_account_idx', { synchronize: false })
@Check('subscription_status_check', `status IN ('pending', 'active', 'paused', 'disabled')`)
@Check('subscription_rate_limit_check', 'rate_limit_per_second > 0 AND rate_limit_per_second <= 10000')
@Check('subscription_verifies_check', `verifies_signatures IN ('yes', 'no', 'unknown')`)
@Check('subscription_framing_check', `framing IN ('content-length', 'chunked')`)
@Check('subscription_earlier_choices_check', 'jsonb_array_length(earlier_choices) <= 10')
@Check('subscription_reverify_check', 'reverify_every_hours BETWEEN 0 AND 8760')
export class Subscription {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'subscription_pk' }) id!: string;
  @Column({ name: 'tenant_id', type: 'uuid' }) tenantId!: string;
  @Column({ type: 'text' }) url!: string;
  @Column({ name: 'event_types', type: 'text', array: true }) eventTypes!: string[];
  @Column({ type: 'text', default: 'standard' }) profile!: string;
  @Column({ name: 'profile_config', type: 'jsonb', default: {} }) profileConfig!: Record<string, unknown>;
  /** Signatures beside the profile's own. */
  @Column({ type: 'text', array: true, default: [] }) signers!: AddOnName[];
  /** Null: as the profile has it; so is the next. */
  @Column({ type: 'text', nullable: true }) envelope!: EnvelopeName | null;
  @Column({ type: 'text', nullable: true }) framing!: Framing | null;
  /** For deliveries from before the profile was changed; a trigger keeps it, and nobody else needs it. */
  @Column({ name: 'earlier_choices', type: 'jsonb', default: [], select: false })
  earlierChoices?: readonly EarlierChoice[];
  @Column({ type: 'text' }) handshake!: HandshakeName;
  @Column({ type: 'text' }) status!: SubscriptionStatus;
  @Column({ name: 'status_reason', type: 'text', nullable: true }) statusReason!: string | null;
  @Column({ type: 'text', nullable: true }) description!: string | null;
  @Column({ type: 'jsonb', default: {} }) headers!: Record<string, string>;
  @Column({ type: 'jsonb', nullable: true }) retry!: RetrySettings | null;
  /** As its owner wrote it; null: every event of its types. */
  @Column({ type: 'jsonb', nullable: true }) filter!: Record<string, unknown> | null;
  @Column({ name: 'timeout_ms', type: 'integer', default: 15000 }) timeoutMs!: number;
  @Column({ name: 'max_in_flight', type: 'integer', nullable: true }) maxInFlight!: number | null;
  @Column({ name: 'rate_limit_per_second', type: 'double precision', nullable: true })
  rateLimitPerSecond!: number | null;
  /** What its receiver consented to; the limit above is never higher. */
  @Column({ name: 'allowed_per_minute', type: 'integer', nullable: true }) allowedPerMinute!: number | null;
  /** Counts the changes; the ETag of the API. */
  @Column({ type: 'integer', default: 1 }) version!: number;
  /** The URL to the letter as it was given; null: as `url`. */
  @Column({ name: 'registered_url', type: 'text', nullable: true }) registeredUrl!: string | null;
  @Column({ name: 'verifies_signatures', type: 'text', nullable: true })
  verifiesSignatures!: ProbeVerdict | null;
  @Column({ name: 'probed_at', type: 'timestamptz', nullable: true }) probedAt!: Date | null;
  /** Null: as the platform does; 0: never. */
  @Column({ name: 'reverify_every_hours', type: 'integer', nullable: true })
  reverifyEveryHours!: number | null;
  /** Not before this is it verified again by itself. */
  @Column({ name: 'reverify_after', type: 'timestamptz', nullable: true }) reverifyAfter!: Date | null;
  /** Verifications in a row, made by themselves, that failed. */
  @Column({ name: 'verification_failures', type: 'integer', default: 0 }) verificationFailures!: number;
  /** The topic that it follows; null: none. */
  @Column({ name: 'topic_id', type: 'uuid', nullable: true }) topicId!: string | null;
  /** It ends then unless its subscriber renews it; null: never. */
  @Column({ name: 'lease_until', type: 'timestamptz', nullable: true }) leaseUntil!: Date | null;
  @Column({ name: 'verified_at', type: 'timestamptz', nullable: true }) verifiedAt!: Date | null;
  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' }) createdAt!: Date;
  @Column({ name: 'updated_at', type: 'timestamptz', default: () => 'now()' }) updatedAt!: Date;
  @Column({ name: 'deleted_at', type: 'timestamptz', nullable: true }) deletedAt!: Date | null;
}
