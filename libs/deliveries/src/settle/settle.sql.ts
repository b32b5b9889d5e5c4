import type { PreparedStatement } from '#libs/database';

/**
 * One statement for a batch of outcomes: moves each delivery that still has the outcome's fence, and writes the
 * attempt rows. An outcome whose fence is old changes no delivery; its attempt is logged all the same, since the
 * POST was made.
 */
export const SETTLE: PreparedStatement = {
  name: 'bellhop_settle',
  isPointAccess: true,
  text: `
WITH o AS MATERIALIZED (
  SELECT *, now() + delay_ms * interval '1 ms' AS next_attempt_at FROM unnest(
    $1::uuid[], $2::uuid[], $3::int[], $4::text[], $5::text[], $6::bigint[], $7::float8[], $8::int[], $9::uuid[],
    $10::text[], $11::real[], $12::real[], $13::real[], $14::real[], $15::real[], $16::text[], $17::text[], $18::text[],
    $19::smallint[], $20::json[], $21::bytea[], $22::boolean[], $23::bigint[], $24::uuid[]
  ) AS o(tenant_id, delivery_id, fence, status, reason, delay_ms, started_ms, number, subscription_id,
    url, duration_ms, resolve_ms, connect_ms, tls_ms, first_byte_ms, outcome, error_type, error_detail,
    response_status, response_headers, response_body, response_truncated, retry_after_ms, carried_by)
), u AS (
  UPDATE delivery d
  SET status = o.status, reason = o.reason, attempt_count = o.number, lease_until = NULL,
    next_attempt_at = o.next_attempt_at
  FROM o
  WHERE d.tenant_id = o.tenant_id AND d.id = o.delivery_id AND d.fence = o.fence AND d.status = 'pending'
), a AS (
  INSERT INTO delivery_attempt (delivery_id, fence, started_at, number, tenant_id, subscription_id, url, duration_ms,
    resolve_ms, connect_ms, tls_ms, first_byte_ms, outcome, error_type, error_detail, response_status,
    response_headers, response_body, response_truncated, retry_after_ms, next_attempt_at, carried_by)
  SELECT o.delivery_id, o.fence, to_timestamp(o.started_ms / 1000), o.number, o.tenant_id, o.subscription_id, o.url,
    o.duration_ms, o.resolve_ms, o.connect_ms, o.tls_ms, o.first_byte_ms, o.outcome, o.error_type, o.error_detail,
    o.response_status, o.response_headers, o.response_body, o.response_truncated, o.retry_after_ms, o.next_attempt_at,
    o.carried_by
  FROM o
  ON CONFLICT DO NOTHING
)
SELECT now() AS now`,
};

/** Those deliveries that belong to this fence still, and whose outcome nobody has recorded. */
export const STILL_LEASED: PreparedStatement = {
  name: 'bellhop_still_leased',
  isPointAccess: true,
  text: `
SELECT d.id FROM unnest($1::uuid[], $2::uuid[], $3::int[]) AS o(tenant_id, id, fence)
JOIN delivery d ON d.tenant_id = o.tenant_id AND d.id = o.id
WHERE d.fence = o.fence AND d.status = 'pending' AND d.lease_until > now()`,
};

/** Gives deliveries back unburned: due again after the delay, no attempt counted. */
export const RELEASE: PreparedStatement = {
  name: 'bellhop_release',
  isPointAccess: true,
  text: `
UPDATE delivery d SET lease_until = NULL, next_attempt_at = now() + o.delay_ms * interval '1 ms'
FROM unnest($1::uuid[], $2::uuid[], $3::int[], $4::bigint[]) AS o(tenant_id, id, fence, delay_ms)
WHERE d.tenant_id = o.tenant_id AND d.id = o.id AND d.fence = o.fence AND d.status = 'pending'`,
};

/**
 * Puts aside deliveries whose subscription takes none now: held while it is paused or disabled, discarded when it is
 * deleted, due again if it is active after all. The lock on the subscription orders this against a resume, which
 * releases what is held after its own commit; without it a row could be held for ever.
 */
export const HOLD = `
WITH s AS (
  SELECT id, status, deleted_at FROM subscription WHERE id = ANY($4::uuid[]) ORDER BY id FOR SHARE
)
UPDATE delivery d SET
  lease_until = NULL,
  status = CASE WHEN s.deleted_at IS NOT NULL THEN 'discarded' ELSE d.status END,
  reason = CASE WHEN s.deleted_at IS NOT NULL THEN 'subscription_deleted' ELSE d.reason END,
  next_attempt_at = CASE
    WHEN s.deleted_at IS NOT NULL THEN NULL
    WHEN s.status = 'active' THEN now() + interval '1 second'
    ELSE 'infinity' END
FROM unnest($1::uuid[], $2::uuid[], $3::int[]) AS o(tenant_id, id, fence), s
WHERE d.tenant_id = o.tenant_id AND d.id = o.id AND d.fence = o.fence AND d.status = 'pending' AND s.id = d.subscription_id`;
