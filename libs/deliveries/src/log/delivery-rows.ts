import { ID_PREFIX, toTypeId } from '#libs/kernel';
import type { DeliveryStatus } from '../entities/delivery.entity.js';
import type { AttemptVerdict } from '../settle/attempt-outcome.js';
import type { AttemptView, DeliveryView } from './delivery-view.js';
import { whatHappensNext } from './what-happens-next.js';

export interface DeliveryRecord {
  readonly id: string;
  readonly tenant_id: string;
  readonly event_id: string;
  readonly event_type: string;
  readonly subscription_id: string;
  readonly status: DeliveryStatus;
  readonly reason: string | null;
  readonly attempt_count: number;
  readonly created_at: Date;
  readonly next_attempt_at: Date | null;
  readonly is_held: boolean;
  readonly is_leased: boolean;
  readonly url: string | null;
  readonly subscription_status: string | null;
  readonly probe_at: Date | null;
  readonly rate_limit: number | null;
}

/** The newest attempt of a delivery. */
export type LastAttempt = Pick<AttemptRow, 'started_at' | 'outcome' | 'response_status' | 'error_type'>;

export interface AttemptRow {
  readonly number: number;
  readonly started_at: Date;
  readonly duration_ms: number;
  readonly resolve_ms: number | null;
  readonly connect_ms: number | null;
  readonly tls_ms: number | null;
  readonly first_byte_ms: number | null;
  readonly url: string;
  readonly outcome: AttemptVerdict;
  readonly error_type: string | null;
  readonly error_detail: string | null;
  readonly response_status: number | null;
  readonly response_headers: Record<string, string> | null;
  readonly response_body: Buffer | null;
  readonly response_truncated: boolean;
  readonly retry_after_ms: string | null;
  readonly next_attempt_at: Date | null;
  readonly carried_by: string | null;
}

export function toDeliveryView(row: DeliveryRecord, last: LastAttempt | undefined): DeliveryView {
  return {
    id: toTypeId(ID_PREFIX.delivery, row.id),
    tenantId: toTypeId(ID_PREFIX.tenant, row.tenant_id),
    eventId: toTypeId(ID_PREFIX.event, row.event_id),
    eventType: row.event_type,
    subscriptionId: toTypeId(ID_PREFIX.subscription, row.subscription_id),
    url: row.url ?? '',
    status: row.status,
    reason: row.reason,
    attemptCount: row.attempt_count,
    nextAttemptAt: row.next_attempt_at?.toISOString() ?? null,
    createdAt: row.created_at.toISOString(),
    next: nextSentence(row, last),
    lastAttempt: last === undefined ? null : lastAttempt(last),
  };
}

export function toAttemptView(row: AttemptRow): AttemptView {
  return {
    number: row.number,
    startedAt: row.started_at.toISOString(),
    durationMs: Math.round(row.duration_ms),
    timings: {
      resolveMs: row.resolve_ms,
      connectMs: row.connect_ms,
      tlsMs: row.tls_ms,
      firstByteMs: row.first_byte_ms,
      totalMs: row.duration_ms,
    },
    url: row.url,
    outcome: row.outcome,
    errorType: row.error_type,
    errorDetail: row.error_detail,
    responseStatus: row.response_status,
    responseHeaders: row.response_headers,
    responseBody: row.response_body?.toString('utf8') ?? null,
    responseBodyTruncated: row.response_truncated,
    retryAfterMs: row.retry_after_ms === null ? null : Number(row.retry_after_ms),
    nextAttemptAt: row.next_attempt_at?.toISOString() ?? null,
    carriedBy: row.carried_by === null ? null : toTypeId(ID_PREFIX.delivery, row.carried_by),
  };
}

function nextSentence(row: DeliveryRecord, last: LastAttempt | undefined): string {
  return whatHappensNext({
    status: row.status,
    reason: row.reason,
    attemptCount: row.attempt_count,
    nextAttemptAt: row.next_attempt_at,
    isHeld: row.is_held,
    isLeased: row.is_leased,
    subscriptionStatus: row.subscription_status,
    lastError: last?.error_type ?? null,
    probeAt: row.probe_at,
    rateLimit: row.rate_limit,
  });
}

function lastAttempt(last: LastAttempt): DeliveryView['lastAttempt'] {
  return {
    at: last.started_at.toISOString(),
    outcome: last.outcome,
    responseStatus: last.response_status,
    errorType: last.error_type,
  };
}
