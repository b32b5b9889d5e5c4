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
 * dispatcher at once; nothing at all if the directory is not at version $15 any more. An event id that the tenant has
 * used already writes nothing. Payloads come as one binary parameter and are cut by offset: an array of bytea would
 * travel as hex text. It is the last one: the driver's buffer would grow once more for whatever follows it. What an
 * event and its deliveries share is taken from the event's arrays by its place, so that nothing has to be joined. Each
 * event names the subscriptions that it has deliveries for: reconciliation finds by it what was lost since. `accepted`
 * holds the places of the events that were new, null for all of them: the usual answer is short.
 */
export const INSERT_EVENTS: PreparedStatement = {
  name: 'bellhop_insert_events',
  isPointAccess: true,
  text: `
WITH v AS MATERIALIZED (
  SELECT share_directory() AS version
), e AS (
  INSERT INTO event (id, tenant_id, type, subject, occurred_at, data, subscription_ids)
  SELECT i.id, i.tenant_id, ($4::text[])[i.type_place], i.subject, to_timestamp(i.occurred_ms / 1000),
    substring($20::bytea FROM i.start FOR i.length), ($11::uuid[])[i.first_delivery:i.last_delivery]
  FROM v, unnest($1::uuid[], $2::uuid[], $3::int[], $5::text[], $6::float8[], $7::int[], $8::int[], $18::int[], $19::int[])
    AS i(id, tenant_id, type_place, subject, occurred_ms, start, length, first_delivery, last_delivery)
  WHERE v.version = $15
  ON CONFLICT (tenant_id, id) DO NOTHING
  RETURNING id, tenant_id
), c AS MATERIALIZED (
  SELECT count(*) AS count FROM e
), d AS (
  INSERT INTO delivery (id, tenant_id, event_id, subscription_id, event_type, next_attempt_at, lease_until, fence)
  SELECT p.id, ($2::uuid[])[p.place], ($1::uuid[])[p.place], p.subscription_id, ($4::text[])[($3::int[])[p.place]],
    CASE WHEN p.lease_ms = 0 THEN now() WHEN p.lease_ms < 0 THEN 'infinity' END,
    CASE WHEN p.lease_ms > 0 THEN now() + p.lease_ms * interval '1 ms' END,
    CASE WHEN p.lease_ms > 0 THEN 1 ELSE 0 END
  FROM c, unnest($9::uuid[], $10::int[], $11::uuid[], $12::int[]) AS p(id, place, subscription_id, lease_ms)
  WHERE c.count = cardinality($1::uuid[])
    OR EXISTS (SELECT FROM e WHERE e.id = ($1::uuid[])[p.place] AND e.tenant_id = ($2::uuid[])[p.place])
), l AS (
  INSERT INTO delivery_lease (id, lease_until, deliveries, event_ids)
  SELECT l.id, now() + l.lease_ms * interval '1 ms', l.deliveries, l.event_ids::uuid[]
  FROM c, unnest($13::uuid[], $14::int[], $16::int[], $17::text[]) AS l(id, lease_ms, deliveries, event_ids)
  WHERE c.count > 0
)
SELECT v.version::text AS version, now() AS now, CASE WHEN c.count < cardinality($1::uuid[]) THEN (
  SELECT coalesce(array_agg(i.place::int - 1), '{}')
  FROM e JOIN unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS i(id, tenant_id, place)
    ON e.id = i.id AND e.tenant_id = i.tenant_id
) END AS accepted
FROM v, c`,
};
