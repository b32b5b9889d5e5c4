import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { AttemptVerdict } from '../settle/attempt-outcome.js';

/** One HTTP try of a delivery; written once, never updated. Partitioned by day in the migration. */
@Entity({ name: 'delivery_attempt' })
@Index('delivery_attempt_failed_idx', ['startedAt'], { where: `outcome <> 'delivered'` })
@Check('delivery_attempt_outcome_check', `outcome IN ('delivered', 'retryable', 'permanent')`)
export class DeliveryAttemptRow {
  @PrimaryColumn({ name: 'delivery_id', type: 'uuid', primaryKeyConstraintName: 'delivery_attempt_pk' })
  readonly deliveryId!: string;
  @PrimaryColumn({ type: 'int', primaryKeyConstraintName: 'delivery_attempt_pk' }) readonly fence!: number;
  @PrimaryColumn({ name: 'started_at', type: 'timestamptz', primaryKeyConstraintName: 'delivery_attempt_pk' })
  readonly startedAt!: Date;
  @Column({ type: 'int' }) readonly number!: number;
  @Column({ name: 'tenant_id', type: 'uuid' }) readonly tenantId!: string;
  @Column({ name: 'subscription_id', type: 'uuid' }) readonly subscriptionId!: string;
  @Column({ type: 'text' }) readonly url!: string;
  @Column({ name: 'duration_ms', type: 'real' }) readonly durationMs!: number;
  /** Phases of the exchange, in milliseconds; null for what did not happen, as on a kept connection. */
  @Column({ name: 'resolve_ms', type: 'real', nullable: true }) readonly resolveMs!: number | null;
  @Column({ name: 'connect_ms', type: 'real', nullable: true }) readonly connectMs!: number | null;
  @Column({ name: 'tls_ms', type: 'real', nullable: true }) readonly tlsMs!: number | null;
  @Column({ name: 'first_byte_ms', type: 'real', nullable: true }) readonly firstByteMs!: number | null;
  @Column({ type: 'text' }) readonly outcome!: AttemptVerdict;
  @Column({ name: 'error_type', type: 'text', nullable: true }) readonly errorType!: string | null;
  @Column({ name: 'error_detail', type: 'text', nullable: true }) readonly errorDetail!: string | null;
  @Column({ name: 'response_status', type: 'smallint', nullable: true }) readonly responseStatus!:
    number | null;
  @Column({ name: 'response_headers', type: 'json', nullable: true })
  readonly responseHeaders!: Record<string, string> | null;
  @Column({ name: 'response_body', type: 'bytea', nullable: true }) readonly responseBody!: Buffer | null;
  @Column({ name: 'response_truncated', type: 'boolean', default: false })
  readonly responseTruncated!: boolean;
  @Column({ name: 'retry_after_ms', type: 'bigint', nullable: true }) readonly retryAfterMs!: string | null;
  @Column({ name: 'next_attempt_at', type: 'timestamptz', nullable: true })
  readonly nextAttemptAt!: Date | null;
  /** The delivery whose request stood for this one as well; null for a request of its own. */
  @Column({ name: 'carried_by', type: 'uuid', nullable: true }) readonly carriedBy!: string | null;
}
