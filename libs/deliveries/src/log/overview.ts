import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { ID_PREFIX, toTypeId } from '#libs/kernel';

/** The state of the whole platform at a glance. */
export interface OverviewView {
  readonly pending: number;
  /** Age of the oldest delivery that is due and not taken, in seconds; the number that tells of trouble. */
  readonly oldestDueSeconds: number | null;
  readonly lastHour: { readonly attempts: number; readonly delivered: number; readonly failed: number };
  readonly subscriptions: Readonly<Record<'pending' | 'active' | 'paused' | 'disabled', number>>;
  /** The subscriptions with most failed attempts in the last hour. */
  readonly topFailures: readonly {
    readonly subscriptionId: string;
    readonly tenantId: string;
    readonly url: string;
    readonly failed: number;
    readonly lastErrorType: string | null;
  }[];
}

/** Counting more would take longer than the number is worth; then what the index is known to hold is good enough. */
const COUNTED = 10_000;
/** The newest ones tell who fails most, however many there are. */
const FAILURES_READ = 2_000;
const HOUR_MS = 3_600_000;

/** Ordered as the index is: the planner then reads the index, whatever it believes about the number of rows. */
const PENDING = `
SELECT (SELECT coalesce(sum(deliveries), 0) FROM delivery_lease)::int + CASE
  WHEN waiting.counted <= ${COUNTED} THEN waiting.counted
  ELSE greatest(waiting.counted, (SELECT reltuples FROM pg_class WHERE oid = 'delivery_waiting_idx'::regclass)::int)
END AS pending
FROM (
  SELECT count(*)::int AS counted FROM (
    SELECT FROM delivery WHERE next_attempt_at IS NOT NULL ORDER BY subscription_id, id LIMIT ${COUNTED + 1}
  ) w
) waiting`;

/**
 * Hops from one subscription that has waiting deliveries to the next, and looks at the first due one of each. What an
 * open circuit or a rate limit holds back is meant to wait.
 */
const OLDEST_DUE = `
WITH RECURSIVE subs AS (
  (SELECT subscription_id FROM delivery WHERE next_attempt_at IS NOT NULL ORDER BY subscription_id LIMIT 1)
  UNION ALL
  SELECT (SELECT d.subscription_id FROM delivery d
    WHERE d.next_attempt_at IS NOT NULL AND d.subscription_id > s.subscription_id
    ORDER BY d.subscription_id LIMIT 1)
  FROM subs s WHERE s.subscription_id IS NOT NULL
)
SELECT extract(epoch FROM now() - min(first.next_attempt_at))::float AS oldest
FROM subs s CROSS JOIN LATERAL (
  SELECT d.next_attempt_at FROM delivery d
  WHERE d.subscription_id = s.subscription_id AND d.next_attempt_at <= now()
    AND (d.lease_until IS NULL OR d.lease_until <= now())
  ORDER BY d.next_attempt_at LIMIT 1
) first
WHERE NOT EXISTS (SELECT FROM subscription_gate g WHERE g.subscription_id = s.subscription_id)`;

const LAST_HOUR = `
SELECT coalesce(sum(attempts), 0)::int AS attempts, coalesce(sum(failed), 0)::int AS failed
FROM attempt_tally WHERE minute > now() - interval '1 hour'`;

/** Given the bounds as values, the planner looks at the partitions of that time alone. */
const TOP_FAILURES = `
SELECT a.subscription_id, s.tenant_id, s.url, count(*)::int AS failed,
  (array_agg(a.error_type ORDER BY a.started_at DESC))[1] AS last_error_type
FROM (
  SELECT subscription_id, error_type, started_at FROM delivery_attempt
  WHERE outcome <> 'delivered' AND started_at > $1 AND started_at < $2
  ORDER BY started_at DESC LIMIT ${FAILURES_READ}
) a JOIN subscription s ON s.id = a.subscription_id
GROUP BY a.subscription_id, s.tenant_id, s.url ORDER BY failed DESC, a.subscription_id LIMIT 10`;

const SUBSCRIPTIONS = `SELECT status, count(*)::int AS count FROM subscription WHERE deleted_at IS NULL GROUP BY status`;

interface FailureRow {
  readonly subscription_id: string;
  readonly tenant_id: string;
  readonly url: string;
  readonly failed: number;
  readonly last_error_type: string | null;
}

/** Answers the operator's first questions: is anything stuck, who fails, how much is moving. */
@Injectable()
export class Overview {
  constructor(private readonly database: Database) {}

  async read(): Promise<OverviewView> {
    const [pending, due, hour, failures, subscriptions] = await Promise.all([
      this.database.query<{ pending: number }>(PENDING),
      this.database.query<{ oldest: number | null }>(OLDEST_DUE),
      this.database.query<{ attempts: number; failed: number }>(LAST_HOUR),
      this.database.query<FailureRow>(TOP_FAILURES, anHourAround(Date.now())),
      this.subscriptions(),
    ]);
    const { attempts = 0, failed = 0 } = hour[0] ?? {};
    return {
      pending: pending[0]?.pending ?? 0,
      oldestDueSeconds: due[0]?.oldest ?? null,
      lastHour: { attempts, delivered: attempts - failed, failed },
      subscriptions,
      topFailures: failures.map(toFailure),
    };
  }

  private async subscriptions(): Promise<OverviewView['subscriptions']> {
    const rows = await this.database.query<{ status: keyof OverviewView['subscriptions']; count: number }>(
      SUBSCRIPTIONS,
    );
    const counts = { pending: 0, active: 0, paused: 0, disabled: 0 };
    for (const { status, count } of rows) counts[status] = count;
    return counts;
  }
}

function anHourAround(ms: number): Date[] {
  return [new Date(ms - HOUR_MS), new Date(ms + HOUR_MS)];
}

function toFailure(row: FailureRow): OverviewView['topFailures'][number] {
  return {
    subscriptionId: toTypeId(ID_PREFIX.subscription, row.subscription_id),
    tenantId: toTypeId(ID_PREFIX.tenant, row.tenant_id),
    url: row.url,
    failed: row.failed,
    lastErrorType: row.last_error_type,
  };
}
