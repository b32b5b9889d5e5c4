/**
 * What the deliveries that were accepted before $1 are now, for each subscription. Only those that are not delivered are
 * read, by the indexes that hold nothing else, so this costs nothing for the millions that are. Those on their way for
 * the first time are found by their leases, the stuck ones by having been named: each event of a lease by index (OFFSET
 * keeps the planner from joining otherwise; it read the whole table for a few hundred leases). The sums that they fit to
 * are kept with them, so that the numbers are of one moment though a later count may fail.
 */
export const COUNT_STATES = `
WITH open AS (
  SELECT tenant_id, subscription_id, 'pending' AS status FROM delivery
  WHERE next_attempt_at IS NOT NULL AND created_at < $1
  UNION ALL
  SELECT tenant_id, subscription_id, status FROM delivery
  WHERE reason IS NOT NULL AND next_attempt_at IS NULL AND created_at < $1
  UNION ALL
  SELECT d.tenant_id, d.subscription_id, 'pending'
  FROM (SELECT DISTINCT unnest(event_ids) AS event_id FROM delivery_lease) l
  CROSS JOIN LATERAL (SELECT * FROM delivery i WHERE i.event_id = l.event_id OFFSET 0) d
  WHERE d.status = 'pending' AND d.next_attempt_at IS NULL AND d.reason IS NULL AND d.created_at < $1
  UNION ALL
  SELECT tenant_id, subscription_id, 'pending' FROM reconciliation_difference
  WHERE kind = 'delivery_stuck' AND repaired_at IS NULL
), counted AS (
  SELECT tenant_id, subscription_id, count(*) FILTER (WHERE status = 'pending') AS pending,
    count(*) FILTER (WHERE status = 'exhausted') AS exhausted, count(*) FILTER (WHERE status = 'discarded') AS discarded
  FROM open GROUP BY tenant_id, subscription_id
)
UPDATE reconciliation_total t
SET pending = n.pending, exhausted = n.exhausted, discarded = n.discarded, counted_accepted = t.accepted,
  counted_found = t.found
FROM (
  SELECT o.tenant_id, o.subscription_id, coalesce(c.pending, 0) AS pending, coalesce(c.exhausted, 0) AS exhausted,
    coalesce(c.discarded, 0) AS discarded
  FROM reconciliation_total o LEFT JOIN counted c USING (tenant_id, subscription_id)
) n
WHERE t.tenant_id = n.tenant_id AND t.subscription_id = n.subscription_id
  AND (t.pending, t.exhausted, t.discarded, t.counted_accepted, t.counted_found)
    IS DISTINCT FROM (n.pending, n.exhausted, n.discarded, t.accepted, t.found)`;

/** For the statements until the savepoint is gone back to, or the transaction has ended. */
export const COUNT_WITHIN = `SELECT set_config('statement_timeout', $1::text, true)`;

/**
 * Deliveries that are put aside though their subscription has been active for minutes: whoever made it active did not
 * release them, or found a great many. One look at the due index for each active subscription.
 */
export const HELD = `
SELECT 'delivery_held' AS kind, d.tenant_id, d.event_id, d.subscription_id, d.id AS delivery_id
FROM subscription s CROSS JOIN LATERAL (
  SELECT i.tenant_id, i.event_id, i.subscription_id, i.id FROM delivery i
  WHERE i.subscription_id = s.id AND i.next_attempt_at = 'infinity' LIMIT 100
) d
WHERE s.status = 'active' AND s.deleted_at IS NULL AND s.updated_at < now() - interval '5 minutes' LIMIT 1000`;

/** The oldest rows of an outbox come first: a relay takes them in that order. */
export const waitingInOutbox = (schema: string): string => `
SELECT 'outbox_waiting' AS kind, tenant_id, id AS event_id, $1::uuid AS subscription_id, NULL AS delivery_id
FROM (SELECT id, tenant_id, created_at FROM ${schema}.outbox_message ORDER BY id LIMIT 10000) oldest
WHERE created_at < now() - interval '5 minutes' LIMIT 1000`;
