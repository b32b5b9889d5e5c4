import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import type { DeliveryStatus } from '../entities/delivery.entity.js';

/** What became of the deliveries that were made within a time, and of their attempts. */
export interface StatsWindow {
  readonly deliveries: Readonly<Record<DeliveryStatus, number>>;
  readonly attempts: number;
  /** The share of attempts that delivered; null: there were none. */
  readonly successRate: number | null;
  /** Of attempts, in milliseconds; null: there were none. */
  readonly latencyMs: { readonly p50: number; readonly p95: number; readonly p99: number } | null;
}

export interface StatsView {
  readonly lastHour: StatsWindow;
  readonly lastDay: StatsWindow;
  /** Of the last day. */
  readonly lastSuccessAt: Date | null;
  readonly lastFailureAt: Date | null;
  /** False: there were more deliveries than are counted, and the numbers are those of the newest. */
  readonly isComplete: boolean;
}

/** More would take longer than the number is worth. */
const COUNTED = 10_000;
const DAY_MS = 86_400_000;

/** Reads the newest end of one index, then the attempts of these deliveries in the partitions of the last day. */
const STATS = `
WITH recent AS MATERIALIZED (
  SELECT id, status, created_at FROM delivery
  WHERE subscription_id = $2 AND tenant_id = $1 AND id >= $3 ORDER BY subscription_id DESC, id DESC LIMIT ${COUNTED + 1}
), tried AS MATERIALIZED (
  SELECT a.outcome, a.duration_ms, a.started_at FROM recent r
  JOIN delivery_attempt a ON a.delivery_id = r.id AND a.started_at >= $4
)
SELECT w.name, t.*, (SELECT count(*) <= ${COUNTED} FROM recent) AS is_complete, (
    SELECT json_object_agg(s.status, s.count) FROM (
      SELECT status, count(*)::int AS count FROM recent WHERE created_at >= now() - w.length GROUP BY status
    ) s
  ) AS deliveries
FROM (VALUES ('hour', interval '1 hour'), ('day', interval '1 day')) AS w (name, length)
CROSS JOIN LATERAL (
  SELECT count(*)::int AS attempts, count(*) FILTER (WHERE outcome = 'delivered')::int AS delivered,
    percentile_cont(ARRAY[0.5, 0.95, 0.99]) WITHIN GROUP (ORDER BY duration_ms) AS latencies,
    max(started_at) FILTER (WHERE outcome = 'delivered') AS last_success,
    max(started_at) FILTER (WHERE outcome <> 'delivered') AS last_failure
  FROM tried WHERE started_at >= now() - w.length
) t`;

interface StatsRow {
  readonly name: 'hour' | 'day';
  readonly attempts: number;
  readonly delivered: number;
  readonly latencies: readonly number[] | null;
  readonly last_success: Date | null;
  readonly last_failure: Date | null;
  readonly is_complete: boolean;
  readonly deliveries: Partial<Record<DeliveryStatus, number>> | null;
}

/** How one subscription has done lately. */
@Injectable()
export class SubscriptionStats {
  constructor(private readonly database: Database) {}

  /** Nothing but zeros for a subscription of another tenant. */
  async read(tenantId: string, subscriptionId: string): Promise<StatsView> {
    const since = new Date(Date.now() - DAY_MS);
    const rows = await this.database.query<StatsRow>(STATS, [
      tenantId,
      subscriptionId,
      firstIdOf(since),
      since,
    ]);
    const [hour, day] = (['hour', 'day'] as const).map((name) => rows.find((row) => row.name === name));
    return {
      lastHour: windowOf(hour),
      lastDay: windowOf(day),
      lastSuccessAt: day?.last_success ?? null,
      lastFailureAt: day?.last_failure ?? null,
      isComplete: day?.is_complete ?? true,
    };
  }
}

/** The lowest id that a delivery made at this time can have. */
function firstIdOf(time: Date): string {
  const hex = time.getTime().toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}

function windowOf(row: StatsRow | undefined): StatsWindow {
  const { attempts = 0, delivered = 0, latencies = null, deliveries } = row ?? {};
  const [p50 = 0, p95 = 0, p99 = 0] = latencies ?? [];
  return {
    deliveries: { pending: 0, delivered: 0, exhausted: 0, discarded: 0, ...deliveries },
    attempts,
    successRate: attempts === 0 ? null : delivered / attempts,
    latencyMs: attempts === 0 ? null : { p50, p95, p99 },
  };
}
