import type { PreparedStatement } from '#libs/database';
import { tokensNow } from '../gate/rate-limit.sql.js';

/**
 * Rows of one claim: 4 ms of work however large the backlog is, and three times as long while senders and settlements
 * want the processor too. At 500 it was one statement in a hundred that took longer than 35 ms, and the backlog drained
 * no faster. The planner has to see the number in the statement; without it, it expects a tenth of the table and reads
 * all of it.
 */
export const CLAIM_ROWS = 200;

/**
 * Claims due deliveries of the subscriptions $1, of each at most its share $2, and of one with a gate what the gate
 * lets through: nothing while its circuit is open, one probe when that time is over, no more than its tokens. The lock
 * on the gate and its new state are in this one statement, so that no two processes let the same thing through; a gate
 * that another process holds counts as shut. A claim writes a lease and a higher fence: a row lock would die with its
 * connection too late, or never (measured: 2.5 s and more). The locked rows are changed where they stand, without being
 * looked up again. What rows have in common comes once: an event with the first of its deliveries, the time of the claim
 * with the first of all.
 */
export const CLAIM: PreparedStatement = {
  name: 'bellhop_claim',
  isPointAccess: true,
  text: `
WITH gate AS MATERIALIZED (
  SELECT g.subscription_id, g.open_until IS NOT NULL AS is_probe, ${tokensNow('g', 's.rate_limit_per_second')} AS tokens
  FROM subscription_gate g JOIN subscription s ON s.id = g.subscription_id
  WHERE g.subscription_id = ANY($1::uuid[]) AND (g.open_until IS NULL OR g.open_until <= now())
  FOR UPDATE OF g SKIP LOCKED
), wanted AS MATERIALIZED (
  SELECT w.subscription_id, coalesce(s.timeout_ms, 15000) + $3 AS lease_ms, gate.is_probe,
    CASE
      WHEN gate.subscription_id IS NOT NULL
        THEN greatest(0, least(CASE WHEN gate.is_probe THEN 1 ELSE w.share END, floor(gate.tokens)::int))
      WHEN EXISTS (SELECT FROM subscription_gate g WHERE g.subscription_id = w.subscription_id) THEN 0
      ELSE w.share
    END AS share
  FROM unnest($1::uuid[], $2::int[]) AS w(subscription_id, share)
  LEFT JOIN subscription s ON s.id = w.subscription_id
  LEFT JOIN gate ON gate.subscription_id = w.subscription_id
), due AS MATERIALIZED (
  SELECT d.place, w.subscription_id, w.lease_ms, w.is_probe
  FROM wanted w CROSS JOIN LATERAL (
    SELECT i.ctid AS place FROM delivery i
    WHERE i.subscription_id = w.subscription_id AND i.next_attempt_at <= now()
      AND (i.lease_until IS NULL OR i.lease_until <= now())
    ORDER BY i.next_attempt_at LIMIT w.share FOR UPDATE SKIP LOCKED
  ) d
  LIMIT ${CLAIM_ROWS}
), claimed AS (
  UPDATE delivery d
  SET lease_until = now() + due.lease_ms * interval '1 ms', fence = d.fence + 1
  FROM due
  WHERE d.ctid = due.place
  RETURNING d.tenant_id, d.id, d.subscription_id, d.event_id, d.fence, d.attempt_count,
    coalesce(due.is_probe, false) AS is_probe, due.lease_ms
), spent AS (
  UPDATE subscription_gate g
  SET open_until = CASE WHEN gate.is_probe THEN now() + taken.lease_ms * interval '1 ms' END,
    tokens = gate.tokens - taken.count, refilled_at = CASE WHEN gate.tokens IS NOT NULL THEN now() END
  FROM gate JOIN (
    SELECT subscription_id, count(*) AS count, max(lease_ms) AS lease_ms FROM claimed GROUP BY subscription_id
  ) taken ON taken.subscription_id = gate.subscription_id
  WHERE g.subscription_id = gate.subscription_id
)
SELECT c.id, c.subscription_id, c.fence, c.attempt_count, c.lease_ms, c.event_id, c.is_probe, c.tenant_id,
  CASE WHEN row_number() OVER (ORDER BY c.id) = 1 THEN now() END AS now,
  e.type, e.subject, e.occurred_at, CASE WHEN octet_length(e.data) <= $4 THEN e.data END AS data
FROM (
  SELECT *, row_number() OVER (PARTITION BY tenant_id, event_id ORDER BY id) AS number FROM claimed
) c LEFT JOIN event e ON e.tenant_id = c.tenant_id AND e.id = CASE WHEN c.number = 1 THEN c.event_id END
ORDER BY c.id`,
};

/** Makes held deliveries of active subscriptions due again; a batch at a time, so that no lock is held for long. */
export const RELEASE_HELD = `
UPDATE delivery SET next_attempt_at = now() WHERE (tenant_id, id) IN (
  SELECT d.tenant_id, d.id FROM subscription s CROSS JOIN LATERAL (
    SELECT i.tenant_id, i.id FROM delivery i
    WHERE i.subscription_id = s.id AND i.next_attempt_at = 'infinity' LIMIT 1000
    FOR UPDATE SKIP LOCKED
  ) d
  WHERE s.status = 'active' AND s.deleted_at IS NULL LIMIT 5000
) RETURNING 1`;

/** Discards what deleted subscriptions left behind; what is leased ends with its attempt. */
export const DISCARD_ORPHANS = `
UPDATE delivery SET status = 'discarded', reason = 'subscription_deleted', next_attempt_at = NULL, lease_until = NULL
WHERE (tenant_id, id) IN (
  SELECT d.tenant_id, d.id FROM subscription s CROSS JOIN LATERAL (
    SELECT i.tenant_id, i.id FROM delivery i WHERE i.subscription_id = s.id AND i.next_attempt_at IS NOT NULL
      AND (i.lease_until IS NULL OR i.lease_until <= now()) LIMIT 1000 FOR UPDATE SKIP LOCKED
  ) d
  WHERE s.deleted_at IS NOT NULL LIMIT 5000
) RETURNING 1`;

/** Whether a lease is over. The table is small and has no index for this: nearly always there is none. */
export const ANY_OVER: PreparedStatement = {
  name: 'bellhop_any_over',
  text: 'SELECT FROM delivery_lease WHERE lease_until <= now() LIMIT 1',
};

/**
 * Makes what lost its worker due: the messages whose lease is over, and of their events the deliveries that are still
 * as they were when they went out. Run by whoever finds one first.
 */
export const RECLAIM: PreparedStatement = {
  name: 'bellhop_reclaim',
  isPointAccess: true,
  text: `
WITH expired AS (
  DELETE FROM delivery_lease WHERE id IN (
    SELECT id FROM delivery_lease WHERE lease_until <= now() ORDER BY lease_until LIMIT 100 FOR UPDATE SKIP LOCKED
  ) RETURNING event_ids
)
UPDATE delivery d SET next_attempt_at = now(), lease_until = NULL
FROM (SELECT DISTINCT unnest(event_ids) AS event_id FROM expired) e
WHERE d.event_id = e.event_id AND d.status = 'pending' AND d.next_attempt_at IS NULL AND d.lease_until <= now()
RETURNING 1`,
};
