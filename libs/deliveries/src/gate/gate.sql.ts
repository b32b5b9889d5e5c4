import type { PreparedStatement } from '#libs/database';

/** A restart is over by then; whoever is back at once is not to wait for a minute. */
const FIRST_OPEN_SECONDS = 10;
/** Each probe that fails doubles the wait, up to five minutes: after that it is not a hiccup. */
const OPEN_GROWTH = 2;
const LONGEST_OPEN_SECONDS = 300;

/** A fifth to either side, so that receivers that failed together are not probed together. */
const openFor = (openedBefore: string): string =>
  `(0.8 + 0.4 * random()) * least(${LONGEST_OPEN_SECONDS}, ${FIRST_OPEN_SECONDS} * power(${OPEN_GROWTH}, ${openedBefore})) * interval '1 second'`;

/** The subscriptions whose circuit is open, or half-open. */
export const OPEN_CIRCUITS: PreparedStatement = {
  name: 'bellhop_open_circuits',
  text: 'SELECT subscription_id FROM subscription_gate WHERE open_until IS NOT NULL',
};

/**
 * Opens circuits that are closed, of subscriptions that still lead where the attempts failed. The lock orders this
 * against a change of the subscription, which resets its gate.
 */
export const OPEN: PreparedStatement = {
  name: 'bellhop_open_gates',
  text: `
WITH failing AS (
  SELECT s.id FROM subscription s JOIN unnest($1::uuid[], $2::text[]) AS f(id, url) ON f.id = s.id AND f.url = s.url
  WHERE s.status = 'active' AND s.deleted_at IS NULL
  ORDER BY s.id FOR SHARE OF s
), opened AS (
  INSERT INTO subscription_gate AS g (subscription_id, opened_at, open_until, opened_count)
  SELECT id, now(), now() + ${openFor('0')}, 1 FROM failing
  ON CONFLICT (subscription_id)
    DO UPDATE SET opened_at = excluded.opened_at, open_until = excluded.open_until, opened_count = 1
    WHERE g.open_until IS NULL
  RETURNING subscription_id
)
SELECT subscription_id, pg_notify('bellhop_gate', '') FROM opened`,
};

/** A probe failed: the circuit stays open, a little longer than before. */
export const REOPEN: PreparedStatement = {
  name: 'bellhop_reopen_gates',
  text: `
UPDATE subscription_gate g SET open_until = now() + ${openFor('g.opened_count')}, opened_count = g.opened_count + 1
FROM (
  SELECT subscription_id FROM subscription_gate WHERE subscription_id = ANY($1::uuid[]) AND open_until IS NOT NULL
  ORDER BY subscription_id FOR UPDATE
) AS probed
WHERE g.subscription_id = probed.subscription_id
RETURNING g.subscription_id`,
};

/** Closes circuits, and tells every process that there is work again. */
export const CLOSE: PreparedStatement = {
  name: 'bellhop_close_gates',
  text: `
WITH gate AS (
  SELECT subscription_id, tokens FROM subscription_gate
  WHERE subscription_id = ANY($1::uuid[]) AND open_until IS NOT NULL ORDER BY subscription_id FOR UPDATE
), dropped AS (
  DELETE FROM subscription_gate g USING gate WHERE g.subscription_id = gate.subscription_id AND gate.tokens IS NULL
  RETURNING g.subscription_id
), cleared AS (
  UPDATE subscription_gate g SET opened_at = NULL, open_until = NULL, opened_count = 0
  FROM gate WHERE g.subscription_id = gate.subscription_id AND gate.tokens IS NOT NULL
  RETURNING g.subscription_id
)
SELECT subscription_id, pg_notify('bellhop_gate', ''), pg_notify('bellhop_due', '')
FROM (SELECT * FROM dropped UNION ALL SELECT * FROM cleared) AS closed`,
};
