import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { ChallengeStep } from '../challenge/challenge-steps.js';

/** The log of challenges, failed ones too; the rate limits count its rows. */
@Entity({ name: 'challenge' })
@Index('challenge_subscription_idx', ['subscriptionId', 'id'])
@Index('challenge_api_key_idx', ['apiKeyId', 'startedAt'])
@Index('challenge_target_host_idx', ['targetHost', 'startedAt'])
@Check('challenge_outcome_check', `outcome IN ('passed', 'failed', 'refused')`)
export class ChallengeRecord {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'challenge_pk' }) id!: string;
  @Column({ name: 'tenant_id', type: 'uuid' }) tenantId!: string;
  /** The subscription may never have come to exist. */
  @Column({ name: 'subscription_id', type: 'uuid' }) subscriptionId!: string;
  @Column({ name: 'api_key_id', type: 'uuid', nullable: true }) apiKeyId!: string | null;
  @Column({ type: 'text' }) url!: string;
  @Column({ name: 'target_host', type: 'text' }) targetHost!: string;
  @Column({ type: 'text' }) handshake!: string;
  @Column({ type: 'text' }) outcome!: 'passed' | 'failed' | 'refused';
  @Column({ type: 'jsonb' }) steps!: ChallengeStep[];
  @Column({ name: 'started_at', type: 'timestamptz', default: () => 'now()' }) startedAt!: Date;
}
