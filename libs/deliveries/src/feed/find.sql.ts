import type { PreparedStatement } from '#libs/database';
import { tokensReadyAt } from '../gate/rate-limit.sql.js';

/**
 * Which subscriptions have something due that may be claimed now, and in how many milliseconds the next one has. It
 * hops over the partial index from one subscription with pending rows to the next, so its cost follows the number of
 * such subscriptions and not the number of rows; it starts after $1 and ends after $2 hops, and says where.
 */
export const FIND_DUE: PreparedStatement = {
  name: 'bellhop_find_due',
  text: `
WITH RECURSIVE subs AS (
  (SELECT subscription_id, 1 AS hop FROM delivery
    WHERE next_attempt_at IS NOT NULL AND subscription_id > $1 ORDER BY subscription_id LIMIT 1)
  UNION ALL
  SELECT (SELECT d.subscription_id FROM delivery d
    WHERE d.next_attempt_at IS NOT NULL AND d.subscription_id > subs.subscription_id
    ORDER BY d.subscription_id LIMIT 1), hop + 1
  FROM subs WHERE subs.subscription_id IS NOT NULL AND hop < $2
), first AS MATERIALIZED (
  SELECT subs.subscription_id, coalesce(
    (SELECT now() FROM delivery i WHERE i.subscription_id = subs.subscription_id AND i.next_attempt_at <= now()
      AND (i.lease_until IS NULL OR i.lease_until <= now()) ORDER BY i.next_attempt_at LIMIT 1),
    (SELECT i.next_attempt_at FROM delivery i WHERE i.subscription_id = subs.subscription_id
      AND i.next_attempt_at > now() AND i.next_attempt_at < 'infinity' ORDER BY i.next_attempt_at LIMIT 1)
  ) AS at
  FROM subs WHERE subs.subscription_id IS NOT NULL
), ready AS (
  SELECT first.subscription_id,
    greatest(first.at, g.open_until, ${tokensReadyAt('g', 's.rate_limit_per_second')}) AS at
  FROM first
  LEFT JOIN subscription_gate g ON g.subscription_id = first.subscription_id
  LEFT JOIN subscription s ON s.id = g.subscription_id
  WHERE first.at IS NOT NULL
)
SELECT coalesce(array_agg(subscription_id) FILTER (WHERE at <= now()), '{}') AS due,
  extract(epoch FROM min(at) FILTER (WHERE at > now()) - now())::float8 * 1000 AS in_ms,
  (SELECT subscription_id FROM subs WHERE hop = $2) AS ended_at
FROM ready`,
};
