import { Injectable } from '@nestjs/common';
import { AppConfig } from '#libs/config';
import { Database, type DatabaseClient } from '#libs/database';
import { AppError, encodeCursor, fromTypeId, ID_PREFIX, type Page } from '#libs/kernel';
import { type AttemptRow, type DeliveryRecord, toAttemptView, toDeliveryView } from './delivery-rows.js';
import { DeliverySearch, type FoundDeliveries } from './delivery-search.js';
import type { DeliveryDetail, DeliveryFilter, DeliveryView } from './delivery-view.js';
import { CLOCK_TOLERANCE_MS, lastAttempts } from './last-attempts.js';
import { missingAttempts } from './missing-attempts.js';

/** By the columns of the index in which they were found. */
const deliveriesBy = (scopeColumn: FoundDeliveries['scopeColumn']): string => `
SELECT d.id, d.tenant_id, d.event_id, d.event_type, d.subscription_id, d.status, d.reason, d.attempt_count, d.created_at,
  CASE WHEN d.next_attempt_at < 'infinity' THEN d.next_attempt_at END AS next_attempt_at,
  coalesce(d.next_attempt_at = 'infinity', false) AS is_held, coalesce(d.lease_until > now(), false) AS is_leased,
  s.url, s.status AS subscription_status,
  CASE WHEN g.open_until IS NOT NULL AND d.next_attempt_at <= greatest(g.open_until, now())
    THEN greatest(g.open_until, now()) END AS probe_at,
  CASE WHEN d.next_attempt_at <= now() THEN s.rate_limit_per_second END AS rate_limit
FROM unnest($1::uuid[], $2::uuid[]) AS f(scope, id)
JOIN delivery d ON d.${scopeColumn} = f.scope AND d.id = f.id
LEFT JOIN subscription s ON s.id = d.subscription_id
LEFT JOIN subscription_gate g ON g.subscription_id = d.subscription_id
ORDER BY d.id DESC`;

const ATTEMPTS = `
SELECT * FROM delivery_attempt WHERE delivery_id = $1 AND started_at >= $2 ORDER BY fence LIMIT 1000`;

interface DeliveryWithAttempts {
  readonly row: DeliveryRecord | undefined;
  readonly attempts: readonly AttemptRow[];
}

const NO_DELIVERY: DeliveryWithAttempts = { row: undefined, attempts: [] };

/** The delivery log: what became of each delivery, and every attempt of it. */
@Injectable()
export class DeliveryLog {
  constructor(
    private readonly database: Database,
    private readonly search: DeliverySearch,
    private readonly config: AppConfig,
  ) {}

  /**
   * Newest first; the cursor stays valid while deliveries are added. A page of a rare kind may hold less than the limit,
   * even nothing, and still have a cursor: the search goes on there.
   */
  async list(filter: DeliveryFilter): Promise<Page<DeliveryView>> {
    const found = await this.search.find(filter);
    // Of one moment: a delivery that is settled in between would show an attempt that its status knows nothing of.
    const { records, last } = await this.database.snapshot(async (client) => {
      const records = await recordsOf(client, found);
      return { records, last: await lastAttempts(client, records) };
    });
    return {
      data: records.map((record) => toDeliveryView(record, last.get(record.id))),
      nextCursor: found.nextId === null ? null : encodeCursor(found.nextId),
    };
  }

  /** One delivery with its attempts, oldest first; 404 for another tenant's. */
  async get(tenantId: string, id: string): Promise<DeliveryDetail> {
    const uuid = fromTypeId(ID_PREFIX.delivery, id);
    const { row, attempts } =
      uuid === null
        ? NO_DELIVERY
        : await this.database.snapshot((client) => withAttempts(client, tenantId, uuid));
    if (row === undefined)
      throw new AppError('not_found', 'delivery_not_found', 'There is no delivery with this id.');
    return {
      ...toDeliveryView(row, attempts.at(-1)),
      attempts: attempts.map(toAttemptView),
      attemptsNote: missingAttempts(row.attempt_count, attempts, this.config.retention.attemptDays),
    };
  }
}

async function withAttempts(
  client: DatabaseClient,
  tenantId: string,
  id: string,
): Promise<DeliveryWithAttempts> {
  const [row] = await recordsOf(client, { rows: [{ scope: tenantId, id }], scopeColumn: 'tenant_id' });
  if (row === undefined) return NO_DELIVERY;
  const since = new Date(row.created_at.getTime() - CLOCK_TOLERANCE_MS);
  return { row, attempts: await client.query<AttemptRow>(ATTEMPTS, [row.id, since]) };
}

async function recordsOf(
  client: DatabaseClient,
  { rows, scopeColumn }: Omit<FoundDeliveries, 'nextId'>,
): Promise<DeliveryRecord[]> {
  if (rows.length === 0) return [];
  return client.query<DeliveryRecord>(deliveriesBy(scopeColumn), [
    rows.map(({ scope }) => scope),
    rows.map(({ id }) => id),
  ]);
}
