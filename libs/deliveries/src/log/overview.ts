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

const PENDING = `
SELECT count(*)::int + (SELECT coalesce(sum(deliveries), 0) FROM delivery_lease)::int AS pending,
  extract(epoch FROM now() - min(next_attempt_at) FILTER (WHERE next_attempt_at <= now()
    AND (lease_until IS NULL OR lease_until <= now())))::float AS oldest
FROM delivery WHERE next_attempt_at IS NOT NULL`;

const LAST_HOUR = `
SELECT count(*)::int AS attempts, count(*) FILTER (WHERE outcome = 'delivered')::int AS delivered
FROM delivery_attempt WHERE started_at > now() - interval '1 hour'`;

const TOP_FAILURES = `
SELECT a.subscription_id, a.tenant_id, s.url, count(*)::int AS failed,
  (array_agg(a.error_type ORDER BY a.started_at DESC))[1] AS last_error_type
FROM delivery_attempt a JOIN subscription s ON s.id = a.subscription_id
WHERE a.started_at > now() - interval '1 hour' AND a.outcome <> 'delivered'
GROUP BY a.subscription_id, a.tenant_id, s.url ORDER BY failed DESC, a.subscription_id LIMIT 10`;

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
    const [pending, hour, failures, statuses] = await Promise.all([
      this.database.query<{ pending: number; oldest: number | null }>(PENDING),
      this.database.query<{ attempts: number; delivered: number }>(LAST_HOUR),
      this.database.query<FailureRow>(TOP_FAILURES),
      this.database.query<{ status: keyof OverviewView['subscriptions']; count: number }>(SUBSCRIPTIONS),
    ]);
    const { attempts = 0, delivered = 0 } = hour[0] ?? {};
    const subscriptions = { pending: 0, active: 0, paused: 0, disabled: 0 };
    for (const { status, count } of statuses) subscriptions[status] = count;
    return {
      pending: pending[0]?.pending ?? 0,
      oldestDueSeconds: pending[0]?.oldest ?? null,
      lastHour: { attempts, delivered, failed: attempts - delivered },
      subscriptions,
      topFailures: failures.map((row) => ({
        subscriptionId: toTypeId(ID_PREFIX.subscription, row.subscription_id),
        tenantId: toTypeId(ID_PREFIX.tenant, row.tenant_id),
        url: row.url,
        failed: row.failed,
        lastErrorType: row.last_error_type,
      })),
    };
  }
}
