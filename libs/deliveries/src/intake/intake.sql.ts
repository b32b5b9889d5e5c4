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
 * Payloads come as one parameter, cut by offset: as an array they would be copied once more on each side. Arrays are taken
 * apart side by side in the list of columns, which costs half of what it does in FROM; an empty one gives NULLs.
 */
const EVENTS = `
INSERT INTO event (id, tenant_id, type, subject, occurred_at, data, subscription_ids)
SELECT i.id, i.tenant_id, ($4::text[])[i.type_place], i.subject, to_timestamp(i.occurred_ms / 1000),
  substring($21::bytea FROM i.start FOR i.length), ($13::uuid[])[i.first_delivery:i.last_delivery]
FROM v, (
  SELECT unnest($1::uuid[]) AS id, unnest($2::uuid[]) AS tenant_id, unnest($3::int[]) AS type_place,
    unnest($5::text[]) AS subject, unnest($6::float8[]) AS occurred_ms, unnest($7::int[]) AS start,
    unnest($8::int[]) AS length, unnest($9::int[]) AS first_delivery, unnest($10::int[]) AS last_delivery
) AS i
WHERE v.version = $20`;

/** What an event and its deliveries share is taken from the event's arrays by its place: nothing has to be joined. */
const DELIVERIES = `
INSERT INTO delivery (id, tenant_id, event_id, subscription_id, event_type, next_attempt_at, lease_until, fence)
SELECT p.id, ($2::uuid[])[p.place], ($1::uuid[])[p.place], p.subscription_id, ($4::text[])[($3::int[])[p.place]],
  CASE WHEN p.lease_ms = 0 THEN now() WHEN p.lease_ms < 0 THEN 'infinity' END,
  CASE WHEN p.lease_ms > 0 THEN now() + p.lease_ms * interval '1 ms' END,
  CASE WHEN p.lease_ms > 0 THEN 1 ELSE 0 END
FROM v, (
  SELECT unnest($11::uuid[]) AS id, unnest($12::int[]) AS place, unnest($13::uuid[]) AS subscription_id,
    unnest($14::int[]) AS lease_ms
) AS p
WHERE v.version = $20`;

const LEASES = `
INSERT INTO delivery_lease (id, lease_until, deliveries, event_ids)
SELECT l.id, now() + l.lease_ms * interval '1 ms', l.deliveries, ($1::uuid[])[l.first_event:l.last_event]
FROM v, (
  SELECT unnest($15::uuid[]) AS id, unnest($16::int[]) AS lease_ms, unnest($17::int[]) AS deliveries,
    unnest($18::int[]) AS first_event, unnest($19::int[]) AS last_event
) AS l
WHERE v.version = $20`;

/**
 * One statement writes a batch of events with a delivery for each match, and the leases of those that go to a
 * dispatcher at once; nothing at all if the directory is not at version $20 any more. Each event names the subscriptions
 * that it has deliveries for: reconciliation finds by it what was lost since. `accepted` holds the places of the events
 * that were new, null for all of them.
 */
export const INSERT_NEW_EVENTS: PreparedStatement = {
  name: 'bellhop_insert_new_events',
  isPointAccess: true,
  text: `
WITH v AS MATERIALIZED (SELECT share_directory() AS version),
e AS (${EVENTS}),
d AS (${DELIVERIES}),
l AS (${LEASES})
SELECT v.version::text AS version, now() AS now, NULL AS accepted FROM v`,
};

/**
 * The same for events that may have been accepted before: an id that the tenant has used already writes nothing, and
 * neither do its deliveries. To look for each id first makes the insert of an event twice as dear, so it is not done for
 * ids that were made a moment ago.
 */
export const INSERT_EVENTS: PreparedStatement = {
  name: 'bellhop_insert_events',
  isPointAccess: true,
  text: `
WITH v AS MATERIALIZED (SELECT share_directory() AS version),
e AS (${EVENTS} ON CONFLICT (tenant_id, id) DO NOTHING RETURNING id, tenant_id),
c AS MATERIALIZED (SELECT count(*) AS count FROM e),
d AS (${DELIVERIES}
  AND ((SELECT count FROM c) = cardinality($1::uuid[])
    OR EXISTS (SELECT FROM e WHERE e.id = ($1::uuid[])[p.place] AND e.tenant_id = ($2::uuid[])[p.place]))),
l AS (${LEASES} AND (SELECT count FROM c) > 0)
SELECT v.version::text AS version, now() AS now, CASE WHEN c.count < cardinality($1::uuid[]) THEN (
  SELECT coalesce(array_agg(i.place::int - 1), '{}')
  FROM e JOIN unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS i(id, tenant_id, place)
    ON e.id = i.id AND e.tenant_id = i.tenant_id
) END AS accepted
FROM v, c`,
};
