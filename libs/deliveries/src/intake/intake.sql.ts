import type { PreparedStatement } from '#libs/database';

/**
 * Waits for a change of the directory that is about to commit, and lets several intakes through side by side. The
 * number is the one that the trigger lock_directory takes exclusively.
 */
export const SHARE_DIRECTORY: PreparedStatement = {
  name: 'bellhop_share_directory',
  text: 'SELECT pg_advisory_xact_lock_shared(4207849484)',
};

/**
 * Reserves idempotency keys. A key that another request holds is left out of the answer, after that request has
 * committed; the order by key keeps two batches from waiting for each other.
 */
export const RESERVE_KEYS = `
INSERT INTO idempotency_key (tenant_id, key, request_hash, response)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::bytea[], $4::jsonb[]) AS k(tenant_id, key, request_hash, response)
ORDER BY tenant_id, key
ON CONFLICT DO NOTHING
RETURNING tenant_id, key`;

/**
 * One statement writes a batch of events with a delivery for each match. An event id that is known already writes
 * nothing. Payloads come as one binary parameter and are cut by offset: an array of bytea would travel as hex text.
 */
export const INSERT_EVENTS: PreparedStatement = {
  name: 'bellhop_insert_events',
  text: `
WITH e AS (
  INSERT INTO event (id, tenant_id, type, subject, occurred_at, data)
  SELECT i.id, i.tenant_id, i.type, i.subject, i.occurred_at, substring($6::bytea FROM i.start FOR i.length)
  FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::timestamptz[], $7::int[], $8::int[])
    AS i(id, tenant_id, type, subject, occurred_at, start, length)
  ON CONFLICT (id) DO NOTHING
  RETURNING id, tenant_id, type
), d AS (
  INSERT INTO delivery (id, tenant_id, event_id, subscription_id, event_type, next_attempt_at, lease_until, fence)
  SELECT i.id, e.tenant_id, e.id, i.subscription_id, e.type,
    CASE WHEN i.is_held THEN 'infinity' ELSE now() END,
    CASE WHEN i.lease_ms > 0 THEN now() + i.lease_ms * interval '1 ms' END,
    CASE WHEN i.lease_ms > 0 THEN 1 ELSE 0 END
  FROM unnest($9::uuid[], $10::uuid[], $11::uuid[], $12::boolean[], $13::int[])
    AS i(id, event_id, subscription_id, is_held, lease_ms)
  JOIN e ON e.id = i.event_id
)
SELECT (SELECT version FROM directory_version)::text AS version, now() AS now,
  coalesce((SELECT array_agg(id::text) FROM e), '{}') AS accepted`,
};
