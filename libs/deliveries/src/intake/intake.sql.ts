import type { PreparedStatement } from '#libs/database';

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
 * One statement writes a batch of events with a delivery for each match, and the leases of those that go to a
 * dispatcher at once; nothing at all if the directory is not at version $14 any more. An event id that the tenant has
 * used already writes nothing. Payloads come as one binary parameter and are cut by offset: an array of bytea would
 * travel as hex text. `accepted` holds the places of the events that were new, null for all of them: the usual answer
 * is short.
 */
export const INSERT_EVENTS: PreparedStatement = {
  name: 'bellhop_insert_events',
  text: `
WITH v AS MATERIALIZED (
  SELECT share_directory() AS version
), i AS MATERIALIZED (
  SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::timestamptz[], $7::int[], $8::int[])
    WITH ORDINALITY AS i(id, tenant_id, type, subject, occurred_at, start, length, place)
), e AS (
  INSERT INTO event (id, tenant_id, type, subject, occurred_at, data)
  SELECT i.id, i.tenant_id, i.type, i.subject, i.occurred_at, substring($6::bytea FROM i.start FOR i.length)
  FROM v, i WHERE v.version = $14
  ON CONFLICT (tenant_id, id) DO NOTHING
  RETURNING id, tenant_id
), d AS (
  INSERT INTO delivery (id, tenant_id, event_id, subscription_id, event_type, next_attempt_at, lease_until, fence)
  SELECT p.id, i.tenant_id, i.id, p.subscription_id, i.type,
    CASE WHEN p.lease_ms = 0 THEN now() WHEN p.lease_ms < 0 THEN 'infinity' END,
    CASE WHEN p.lease_ms > 0 THEN now() + p.lease_ms * interval '1 ms' END,
    CASE WHEN p.lease_ms > 0 THEN 1 ELSE 0 END
  FROM unnest($9::uuid[], $10::int[], $11::uuid[], $12::int[]) AS p(id, place, subscription_id, lease_ms)
  JOIN i ON i.place = p.place
  JOIN e ON e.id = i.id AND e.tenant_id = i.tenant_id
), l AS (
  INSERT INTO delivery_lease (id, lease_until, deliveries, event_ids)
  SELECT l.id, now() + l.lease_ms * interval '1 ms', l.deliveries, l.event_ids::uuid[]
  FROM v, unnest($13::uuid[], $15::int[], $16::int[], $17::text[]) AS l(id, lease_ms, deliveries, event_ids)
  WHERE v.version = $14 AND EXISTS (SELECT FROM e)
)
SELECT v.version::text AS version, now() AS now,
  CASE WHEN (SELECT count(*) FROM e) < cardinality($1::uuid[]) THEN (
    SELECT coalesce(array_agg(i.place::int - 1), '{}') FROM i JOIN e ON e.id = i.id AND e.tenant_id = i.tenant_id
  ) END AS accepted
FROM v`,
};
