/** Names of a kind that one look at a window writes down; how many there are it always counts. */
const MAX_NAMED = 1000;

/**
 * Looks at all that was accepted from $1 until $2: which delivery each event was planned to have, which it has, and
 * what is wrong with those. $3 tells whether its attempts should be in the log. A delivery that is on its way for the
 * first time is not stuck while a lease stands for it, alive or yet to be found over.
 *
 * Written so that only one plan is left, each row by its unique index: an equality of tenants would be looked up in
 * another index too, and attempts that are asked for by EXISTS would be read as a whole.
 */
export const LOOK = `
WITH seen AS MATERIALIZED (
  SELECT tenant_id, id AS event_id, subscription_ids FROM event WHERE accepted_at >= $1 AND accepted_at < $2
), planned AS (
  SELECT s.tenant_id, s.event_id, p.subscription_id
  FROM seen s CROSS JOIN LATERAL unnest(s.subscription_ids) AS p(subscription_id)
), found AS (
  SELECT s.tenant_id, s.event_id, d.subscription_id, s.subscription_ids IS NOT NULL AS is_recorded,
    d.id AS delivery_id, d.status, d.attempt_count, d.next_attempt_at, d.lease_until
  FROM seen s JOIN delivery d ON d.event_id = s.event_id AND d.tenant_id IS NOT DISTINCT FROM s.tenant_id
), joined AS (
  SELECT tenant_id, event_id, subscription_id, p.event_id IS NOT NULL OR NOT f.is_recorded AS is_accepted,
    f.delivery_id, f.status, f.attempt_count, f.next_attempt_at, f.lease_until
  FROM planned p FULL JOIN found f USING (tenant_id, event_id, subscription_id)
), judged AS MATERIALIZED (
  SELECT j.tenant_id, j.event_id, j.subscription_id, j.delivery_id, j.is_accepted, CASE
    WHEN j.delivery_id IS NULL THEN 'delivery_missing'
    WHEN NOT j.is_accepted THEN 'delivery_unplanned'
    WHEN j.status = 'pending' AND j.next_attempt_at IS NULL
      AND (j.lease_until IS NULL OR j.lease_until <= now() - interval '5 seconds')
      AND NOT EXISTS (SELECT FROM delivery_lease l WHERE j.event_id = ANY(l.event_ids)) THEN 'delivery_stuck'
    WHEN NOT $3::boolean THEN NULL
    WHEN j.status = 'delivered' AND coalesce((
      SELECT a.number FROM delivery_attempt a WHERE a.delivery_id = j.delivery_id AND a.outcome = 'delivered'
        AND a.started_at >= $1::timestamptz - interval '2 hours' AND a.started_at < $2::timestamptz + interval '2 hours'
      LIMIT 1
    ), (
      SELECT a.number FROM delivery_attempt a WHERE a.delivery_id = j.delivery_id AND a.outcome = 'delivered' LIMIT 1
    )) IS NULL THEN 'delivered_without_attempt'
    WHEN j.attempt_count > 1 OR (j.attempt_count = 1 AND j.status <> 'delivered') THEN (
      SELECT CASE WHEN count(DISTINCT a.number) < j.attempt_count THEN 'attempts_missing' END
      FROM delivery_attempt a WHERE a.delivery_id = j.delivery_id AND a.number <= j.attempt_count
    )
  END AS kind
  FROM joined j
), tally AS (
  SELECT tenant_id, subscription_id, count(*) FILTER (WHERE is_accepted) AS accepted, count(delivery_id) AS found
  FROM judged GROUP BY tenant_id, subscription_id
), named AS (
  SELECT kind, tenant_id, event_id, subscription_id, delivery_id, row_number() OVER (PARTITION BY kind) AS place
  FROM judged WHERE kind IS NOT NULL
), counted AS (
  SELECT kind, count(*) AS count FROM named GROUP BY kind
)
SELECT
  (SELECT coalesce(jsonb_agg(jsonb_build_object('tenantId', tenant_id, 'subscriptionId', subscription_id,
    'accepted', accepted, 'found', found)), '[]') FROM tally) AS tallies,
  (SELECT coalesce(jsonb_object_agg(kind, count), '{}') FROM counted) AS counts,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('kind', kind, 'tenantId', tenant_id, 'eventId', event_id,
    'subscriptionId', subscription_id, 'deliveryId', delivery_id)), '[]')
    FROM named WHERE place <= ${MAX_NAMED}) AS named`;

/**
 * Whether attempts of a time are all in the log still: the oldest day is younger than the retention, so none was
 * dropped, or the time is a day after it, which is more than clocks differ.
 */
export const LOG_BEGINS = `
SELECT CASE WHEN day > now() - $1 * interval '1 day' THEN day ELSE day + interval '1 day' END AS begins
FROM (
  SELECT min(to_date(right(c.relname, 8), 'YYYYMMDD'))::timestamp AT TIME ZONE 'UTC' AS day
  FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
  WHERE i.inhparent = 'delivery_attempt'::regclass AND c.relname ~ '^delivery_attempt_[0-9]{8}$'
) oldest`;

/**
 * Found by each of its rows by index, whatever the planner believes of tables that grow; and by one process, since the
 * others belong to those who publish.
 */
export const BY_INDEX = `
SELECT set_config('max_parallel_workers_per_gather', '0', true), set_config(name, 'off', true)
FROM unnest(ARRAY['enable_seqscan', 'enable_mergejoin', 'jit']) AS name`;

/**
 * Tells the index of acceptance times which pages were written since. Until then a look reads all of them, however short
 * its window, and autovacuum tells it once a minute at most: a platform that accepts 12,000 events a second read 200 MB
 * for each. Autovacuum is not waited for: it would give way after a second, and would never be done.
 */
export const INDEX_NEWEST = `
DO $$ BEGIN
  SET LOCAL lock_timeout = '20ms';
  PERFORM brin_summarize_new_values('event_accepted_idx');
EXCEPTION WHEN lock_not_available THEN NULL;
END $$`;
