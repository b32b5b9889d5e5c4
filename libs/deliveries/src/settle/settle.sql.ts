import type { PreparedStatement } from '#libs/database';

/**
 * One statement for a batch of outcomes: moves each delivery that still has the outcome's fence, and writes the
 * attempt rows. An outcome whose fence is old changes no delivery; its attempt is logged all the same, since the
 * POST was made. Arrays are taken apart side by side in the list of columns, which costs half of what it does in FROM;
 * one that is empty gives NULL for every row, and costs nothing.
 */
function settle(onConflict: string): string {
  return `
WITH o AS MATERIALIZED (
  SELECT unnest($1::uuid[]) AS tenant_id, unnest($2::uuid[]) AS delivery_id, unnest($3::int[]) AS fence,
    unnest($4::text[]) AS status, unnest($5::text[]) AS reason, unnest($6::bigint[]) AS delay_ms,
    unnest($7::float8[]) AS started_ms, unnest($8::int[]) AS number, unnest($9::uuid[]) AS subscription_id,
    unnest($10::text[]) AS url, unnest($11::real[]) AS duration_ms, unnest($12::real[]) AS resolve_ms,
    unnest($13::real[]) AS connect_ms, unnest($14::real[]) AS tls_ms, unnest($15::real[]) AS first_byte_ms,
    unnest($16::text[]) AS outcome, unnest($17::text[]) AS error_type, unnest($18::text[]) AS error_detail,
    unnest($19::smallint[]) AS response_status, unnest($20::json[]) AS response_headers,
    unnest($21::bytea[]) AS response_body, unnest($22::boolean[]) AS response_truncated,
    unnest($23::bigint[]) AS retry_after_ms, unnest($24::uuid[]) AS carried_by
), u AS (
  UPDATE delivery d
  SET status = o.status, reason = o.reason, attempt_count = o.number, lease_until = NULL,
    next_attempt_at = now() + o.delay_ms * interval '1 ms'
  FROM o
  WHERE d.tenant_id = o.tenant_id AND d.id = o.delivery_id AND d.fence = o.fence AND d.status = 'pending'
), a AS (
  INSERT INTO delivery_attempt (delivery_id, fence, started_at, number, tenant_id, subscription_id, url, duration_ms,
    resolve_ms, connect_ms, tls_ms, first_byte_ms, outcome, error_type, error_detail, response_status,
    response_headers, response_body, response_truncated, retry_after_ms, next_attempt_at, carried_by)
  SELECT o.delivery_id, o.fence, to_timestamp(o.started_ms / 1000), o.number, o.tenant_id, o.subscription_id, o.url,
    o.duration_ms, o.resolve_ms, o.connect_ms, o.tls_ms, o.first_byte_ms, o.outcome, o.error_type, o.error_detail,
    o.response_status, o.response_headers, o.response_body, coalesce(o.response_truncated, false), o.retry_after_ms,
    now() + o.delay_ms * interval '1 ms', o.carried_by
  FROM o${onConflict}
)
SELECT now() AS now`;
}

export const SETTLE: PreparedStatement = {
  name: 'bellhop_settle',
  isPointAccess: true,
  text: settle(''),
};

/** The same for outcomes some of which may have been recorded: PostgreSQL looks for each attempt before it writes it. */
export const SETTLE_AGAIN: PreparedStatement = {
  name: 'bellhop_settle_again',
  isPointAccess: true,
  text: settle(' ON CONFLICT DO NOTHING'),
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
