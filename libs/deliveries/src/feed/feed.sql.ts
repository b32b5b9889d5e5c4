import type { PreparedStatement } from '#libs/database';

/**
 * Claims due deliveries with a fair share for each subscription. The recursive part hops over the partial index from
 * one subscription with pending rows to the next, so its cost follows the number of such subscriptions and not the
 * number of rows; it starts after $1, where the last claim ended. A claim is a short statement that writes a lease and
 * a higher fence: a row lock would die with its connection too late, or never (measured: 2.5 s and more).
 */
export const CLAIM: PreparedStatement = {
  name: 'bellhop_claim',
  text: `
WITH RECURSIVE subs AS (
  (SELECT subscription_id FROM delivery WHERE next_attempt_at IS NOT NULL AND subscription_id > $1 ORDER BY subscription_id LIMIT 1)
  UNION ALL
  SELECT (SELECT d.subscription_id FROM delivery d
    WHERE d.next_attempt_at IS NOT NULL AND d.subscription_id > s.subscription_id
    ORDER BY d.subscription_id LIMIT 1)
  FROM subs s WHERE s.subscription_id IS NOT NULL
), due AS (
  SELECT d.tenant_id, d.id, coalesce(subscription.timeout_ms, 15000) + $5 AS lease_ms
  FROM subs s LEFT JOIN subscription ON subscription.id = s.subscription_id CROSS JOIN LATERAL (
    SELECT i.tenant_id, i.id FROM delivery i
    WHERE i.subscription_id = s.subscription_id AND i.next_attempt_at <= now()
      AND (i.lease_until IS NULL OR i.lease_until <= now())
    ORDER BY i.next_attempt_at LIMIT $3 FOR UPDATE SKIP LOCKED
  ) d
  WHERE s.subscription_id <> ALL($2::uuid[])
  LIMIT $4
), claimed AS (
  UPDATE delivery d
  SET lease_until = now() + due.lease_ms * interval '1 ms', fence = d.fence + 1
  FROM due
  WHERE d.tenant_id = due.tenant_id AND d.id = due.id
  RETURNING d.tenant_id, d.id, d.subscription_id, d.event_id, d.fence, d.attempt_count, d.lease_until
)
SELECT c.id, c.subscription_id, c.fence, c.attempt_count, c.lease_until, c.event_id, now() AS now,
  c.tenant_id, e.type, e.subject, e.occurred_at, CASE WHEN octet_length(e.data) <= $6 THEN e.data END AS data
FROM claimed c JOIN event e ON e.tenant_id = c.tenant_id AND e.id = c.event_id
ORDER BY c.id`,
};

/** When the next pending delivery falls due, leases included; null when none is waiting. */
export const NEXT_DUE: PreparedStatement = {
  name: 'bellhop_next_due',
  text: `
WITH RECURSIVE subs AS (
  (SELECT subscription_id FROM delivery WHERE next_attempt_at IS NOT NULL ORDER BY subscription_id LIMIT 1)
  UNION ALL
  SELECT (SELECT d.subscription_id FROM delivery d
    WHERE d.next_attempt_at IS NOT NULL AND d.subscription_id > s.subscription_id
    ORDER BY d.subscription_id LIMIT 1)
  FROM subs s WHERE s.subscription_id IS NOT NULL
)
SELECT extract(epoch FROM min(f.due_at) - now()) * 1000 AS in_ms FROM subs s CROSS JOIN LATERAL (
  SELECT next_attempt_at AS due_at FROM delivery d
  WHERE d.subscription_id = s.subscription_id AND d.next_attempt_at > now()
    AND d.next_attempt_at < 'infinity'
  ORDER BY d.next_attempt_at LIMIT 1
) f`,
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

/**
 * Makes what lost its worker due: the messages whose lease is over, and of their events the deliveries that are still
 * as they were when they went out. Run by whoever finds one first.
 */
export const RECLAIM: PreparedStatement = {
  name: 'bellhop_reclaim',
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
