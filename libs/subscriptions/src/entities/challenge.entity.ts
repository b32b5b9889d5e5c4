import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { ChallengeStep } from '../challenge/challenge-steps.js';
import type { TranscriptEntry } from '../challenge/transcript.js';

/**
 * Why a URL was asked: before it gets events, from time to time, whether it verifies signatures, or whether it wants no
 * more of a topic. `denial` asks nothing: a subscriber of a hub is told no.
 */
export type ChallengePurpose = 'consent' | 'reverification' | 'probe' | 'unsubscribe' | 'denial';
/** refused: no request was made, the URL is not allowed · waiting: the receiver may consent later. */
export type ChallengeOutcome = 'passed' | 'failed' | 'refused' | 'waiting';

/** The log of challenges, failed ones too; the rate limits count its rows. */
@Entity({ name: 'challenge' })
@Index('challenge_subscription_idx', ['subscriptionId', 'id'])
@Index('challenge_api_key_idx', ['apiKeyId', 'startedAt'])
@Index('challenge_target_host_idx', ['targetHost', 'startedAt'])
@Index('challenge_callback_idx', ['callbackHash'], { unique: true, where: 'callback_hash IS NOT NULL' })
@Check('challenge_outcome_check', `outcome IN ('passed', 'failed', 'refused', 'waiting')`)
@Check(
  'challenge_purpose_check',
  `purpose IN ('consent', 'reverification', 'probe', 'unsubscribe', 'denial')`,
)
export class ChallengeRecord {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'challenge_pk' }) id!: string;
  @Column({ name: 'tenant_id', type: 'uuid' }) tenantId!: string;
  /** The subscription may never have come to exist. */
  @Column({ name: 'subscription_id', type: 'uuid' }) subscriptionId!: string;
  @Column({ name: 'api_key_id', type: 'uuid', nullable: true }) apiKeyId!: string | null;
  @Column({ type: 'text' }) url!: string;
  @Column({ name: 'target_host', type: 'text' }) targetHost!: string;
  @Column({ type: 'text' }) handshake!: string;
  @Column({ type: 'text', default: 'consent' }) purpose!: ChallengePurpose;
  @Column({ type: 'text' }) outcome!: ChallengeOutcome;
  @Column({ type: 'jsonb' }) steps!: ChallengeStep[];
  /** What was said on the wire, without secrets. */
  @Column({ type: 'jsonb', default: [] }) transcript!: TranscriptEntry[];
  /** SHA-256 of the token under which the receiver may consent later, once. */
  @Column({ name: 'callback_hash', type: 'text', nullable: true }) callbackHash!: string | null;
  @Column({ name: 'callback_until', type: 'timestamptz', nullable: true }) callbackUntil!: Date | null;
  @Column({ name: 'started_at', type: 'timestamptz', default: () => 'now()' }) startedAt!: Date;
}
