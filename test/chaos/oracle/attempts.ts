import type { Sql } from '../platform/postgres-control.js';

/** An attempt as the log has it. */
export interface LoggedAttempt {
  readonly delivery_id: string;
  readonly number: number;
  readonly duration_ms: number;
  readonly outcome: 'delivered' | 'retryable' | 'permanent';
  readonly error_type: string | null;
  readonly response_status: number | null;
  readonly response_headers: Readonly<Record<string, string>> | null;
  readonly truncated: boolean;
  readonly retry_after_ms: number | null;
  /** From its start until the next one is due; null: there is no next one. */
  readonly waits_ms: number | null;
}

const ATTEMPTS = `
SELECT delivery_id, number, duration_ms::float8, outcome, error_type, response_status, response_headers,
  response_truncated AS truncated, retry_after_ms::float8,
  extract(epoch FROM next_attempt_at - started_at)::float8 * 1000 AS waits_ms
FROM delivery_attempt WHERE subscription_id = $1 ORDER BY started_at`;

/** Of one subscription, in the order in which they were made. */
export function attemptsOf(sql: Sql, subscriptionId: string): Promise<LoggedAttempt[]> {
  return sql.read<LoggedAttempt>(ATTEMPTS, [subscriptionId]);
}
