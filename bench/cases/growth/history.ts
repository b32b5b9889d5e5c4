import { DEFAULT_TENANT_ID } from '#libs/kernel';
import type { Platform } from '../../case.js';

/** What a platform has behind it: each event went to two subscriptions, each delivery was tried twice. */
export interface History {
  readonly deliveries: number;
  readonly days: number;
}

/** In one delivery of 18, of some 5,000, and of a million. */
export const HISTORY_TYPES = {
  common: 'bench.history.kind3',
  seldom: 'bench.history.seldom',
  rare: 'bench.history.rare',
} as const;

const CHUNKS = 10;
/** A day of the history is a little shorter, so that the oldest falls on no day more than there should be. */
const DAY_MS = 86_000_000;

/** Writes the history with all indexes in place, as it would have grown. */
export async function writeHistory(platform: Platform, { deliveries, days }: History): Promise<void> {
  await platform.query(
    SETUP.replaceAll(':tenant', `'${DEFAULT_TENANT_ID}'`).replaceAll(':days', String(days)),
  );
  const originMs = Date.now() - days * DAY_MS;
  const stepMs = (days * DAY_MS) / deliveries;
  const chunk = deliveries / CHUNKS;
  const starts = Array.from({ length: CHUNKS }, (_, n) => n * chunk);
  const jobs = starts.flatMap((from) => [
    { from, statements: [EVENTS, DELIVERIES] },
    { from, statements: [ATTEMPTS] },
  ]);
  const work = async (): Promise<void> => {
    for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) {
      const values = [job.from, job.from + chunk - 1, originMs, stepMs, deliveries];
      for (const statement of job.statements) await platform.query(statement, values);
    }
  };
  await Promise.all([work(), work()]);
  // What autovacuum would have done on the way.
  await Promise.all([
    platform.query('ANALYZE delivery_attempt'),
    platform.query('VACUUM (ANALYZE) event, delivery'),
  ]);
}

/**
 * Ten tenants, the first with two fifths of all. An event goes to both subscriptions of a pair, so a pair has one
 * tenant. The second subscription has a receiver that never answered: all of its deliveries wait.
 */
const SETUP = `
CREATE FUNCTION history_id(ms bigint, kind int, n int) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
  SELECT encode(substr(int8send(ms), 3) || int2send(28672::int2) || int4send(-2147483648 + kind) || int4send(n), 'hex')::uuid
$$;
CREATE TABLE history_subscription AS
SELECT k, history_id(1700000000000, 1, k) AS id, CASE WHEN k < 400 THEN :tenant ELSE history_id(1700000000000, 2, k / 2 % 9) END AS tenant_id
FROM generate_series(0, 999) k;
INSERT INTO tenant (id, name) SELECT DISTINCT tenant_id, tenant_id::text FROM history_subscription WHERE tenant_id <> :tenant;
INSERT INTO event_type (tenant_id, name)
SELECT t.id, 'bench.history.' || kind FROM tenant t,
  unnest(ARRAY['seldom', 'rare'] || ARRAY(SELECT 'kind' || i FROM generate_series(0, 17) i)) AS kind;
INSERT INTO subscription (id, tenant_id, url, event_types, handshake, status)
SELECT id, tenant_id, 'https://receiver-' || k || '.example.com/hooks', '{bench.never.*}', 'none', 'active' FROM history_subscription;
SELECT ensure_attempt_partition((now() AT TIME ZONE 'UTC')::date - d) FROM generate_series(1, :days) AS d`;

/** Of deliveries $1 to $2. Ids are UUIDv7 that grow with the time; a delivery's begins like its event's. */
const ROWS = `
  SELECT n, e, o.ms, to_timestamp(o.ms / 1000::float8) AS at, s.k, s.id AS subscription_id, s.tenant_id,
    CASE WHEN e % 1000000 = 77 THEN 'bench.history.rare' WHEN e % 5003 = 5 THEN 'bench.history.seldom'
      ELSE 'bench.history.kind' || (e + e / 30) % 18 END AS type,
    CASE WHEN s.k = 1 OR (n % 12 = 1 AND n > $5::int * 0.99) THEN 'pending' WHEN n % 60 = 1 THEN 'exhausted'
      WHEN n % 6000 = 14 THEN 'discarded' ELSE 'delivered' END AS status
  FROM (
    SELECT n, n / 2 AS e, ($3::float8 + (n - n % 2) * $4::float8)::bigint AS ms FROM generate_series($1::int, $2::int) n
  ) o JOIN history_subscription s ON s.k = (e * 7 + e / 500) % 500 * 2 + n % 2`;

const EVENTS = `
INSERT INTO event (id, tenant_id, type, occurred_at, accepted_at, data)
SELECT history_id(ms, 3, e), tenant_id, type, at, at, '{"name":"Ada","message":"Hello"}' FROM (${ROWS}) r WHERE n % 2 = 0`;

const DELIVERIES = `
INSERT INTO delivery (id, tenant_id, event_id, subscription_id, event_type, status, reason, attempt_count,
  next_attempt_at, fence, created_at)
SELECT history_id(ms, 4, n), tenant_id, history_id(ms, 3, e), subscription_id, type, status,
  CASE status WHEN 'exhausted' THEN 'schedule_over' WHEN 'discarded' THEN 'subscription_deleted' END, 2,
  CASE WHEN status = 'pending' THEN now() + interval '1 hour' END, 2, at
FROM (${ROWS}) r`;

const ATTEMPTS = `
INSERT INTO delivery_attempt (delivery_id, fence, started_at, number, tenant_id, subscription_id, url, duration_ms,
  first_byte_ms, outcome, error_type, response_status, response_headers)
SELECT history_id(ms, 4, n), a, at + a * interval '40 ms', a, tenant_id, subscription_id,
  'https://receiver.example.com/hooks', 12, 11, CASE WHEN failed THEN 'retryable' ELSE 'delivered' END,
  CASE WHEN failed THEN 'status_5xx' END, CASE WHEN failed THEN 503 ELSE 204 END, '{"server":"nginx"}'
FROM (
  SELECT *, status = 'pending' OR (n % 12 = 1 AND (a = 1 OR status <> 'delivered')) AS failed FROM (${ROWS}) r, generate_series(1, 2) a
) r`;
