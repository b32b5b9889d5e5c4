import type { DatabaseClient } from '#libs/database';
import type { DeliveryRecord, LastAttempt } from './delivery-rows.js';

type Tried = Pick<DeliveryRecord, 'id' | 'attempt_count' | 'created_at'>;
type LastAttemptRow = LastAttempt & { readonly delivery_id: string; readonly number: number };

/**
 * How far the clock of a worker may be behind PostgreSQL's for its attempts to be found: the time of an attempt is by
 * the former, that of its delivery by the latter, so that an attempt can seem to be before its delivery.
 */
export const CLOCK_TOLERANCE_MS = 60 * 60 * 1000;
/** Within this nearly every delivery has its last attempt; the days after it are searched for the others alone. */
const USUALLY_TRIED_WITHIN_MS = 60 * 60 * 1000;

const LAST_ATTEMPTS = `
SELECT DISTINCT ON (delivery_id) delivery_id, number, started_at, outcome, response_status, error_type
FROM delivery_attempt
WHERE delivery_id = ANY ($1::uuid[]) AND started_at >= $2 AND started_at < $3
ORDER BY delivery_id, fence DESC`;

/**
 * The newest attempts of deliveries. Nearly all are made within the hour in which their delivery was, so the days from
 * then to now are only read for those that were tried later.
 */
export async function lastAttempts(
  database: DatabaseClient,
  deliveries: readonly Tried[],
): Promise<ReadonlyMap<string, LastAttempt>> {
  const tried = deliveries.filter(({ attempt_count }) => attempt_count > 0);
  if (tried.length === 0) return new Map();
  const times = tried.map(({ created_at }) => created_at.getTime());
  const from = new Date(Math.min(...times) - CLOCK_TOLERANCE_MS);
  const until = new Date(Math.max(...times) + USUALLY_TRIED_WITHIN_MS);
  const read = (rows: readonly Tried[], since: Date, before: Date | 'infinity'): Promise<LastAttemptRow[]> =>
    database.query<LastAttemptRow>(LAST_ATTEMPTS, [rows.map(({ id }) => id), since, before]);
  const found = byDelivery(await read(tried, from, until));
  const later = tried.filter(({ id, attempt_count }) => (found.get(id)?.number ?? 0) < attempt_count);
  if (later.length === 0) return found;
  return new Map([...found, ...byDelivery(await read(later, until, 'infinity'))]);
}

function byDelivery(rows: readonly LastAttemptRow[]): Map<string, LastAttemptRow> {
  return new Map(rows.map((row) => [row.delivery_id, row]));
}
