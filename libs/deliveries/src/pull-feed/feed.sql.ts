/** Bytes of data on one page; the first event comes in any case. */
const PAGE_BYTES = 4 * 1024 * 1024;

const EVENT = 'id, type, subject, occurred_at, accepted_at, accepted_in, data';

/**
 * A page of a tenant's events after ($2, $3), and of what the open transactions $5 have committed since. The snapshot
 * and the rows are of one moment, because it is one statement.
 */
export const FEED_PAGE = `
WITH late AS (
  SELECT e.* FROM unnest($5::bigint[], $6::uuid[]) AS o(number, after) CROSS JOIN LATERAL (
    SELECT ${EVENT} FROM event
    WHERE tenant_id = $1 AND accepted_in = o.number AND id > o.after ORDER BY id LIMIT $4
  ) e
), news AS (
  SELECT ${EVENT} FROM event
  WHERE tenant_id = $1 AND (accepted_in, id) > ($2::bigint, $3::uuid) ORDER BY accepted_in, id LIMIT $4
), read AS (
  SELECT * FROM late UNION ALL SELECT * FROM news ORDER BY accepted_in, id LIMIT $4
), page AS (
  SELECT *, count(*) OVER () AS found,
    sum(octet_length(data)) OVER (ORDER BY accepted_in, id) - octet_length(data) AS bytes_before
  FROM read
)
SELECT s.running, s.next, p.id, p.type, p.subject, p.occurred_at, p.accepted_at, p.data,
  p.accepted_in::text AS accepted_in, p.found::int AS found
FROM (
  SELECT pg_snapshot_xmax(n)::text AS next, ARRAY(SELECT x::text FROM pg_snapshot_xip(n) AS x) AS running
  FROM pg_current_snapshot() AS n
) s LEFT JOIN page p ON p.bytes_before < ${PAGE_BYTES}
ORDER BY p.accepted_in, p.id`;

/** The last place that a tenant's events have reached, and what was still running then. */
export const FEED_END = `
SELECT (SELECT ARRAY(SELECT x::text FROM pg_snapshot_xip(pg_current_snapshot()) AS x)) AS running,
  e.accepted_in::text AS accepted_in, e.id
FROM (SELECT 1) one LEFT JOIN LATERAL (
  SELECT accepted_in, id FROM event WHERE tenant_id = $1 ORDER BY accepted_in DESC, id DESC LIMIT 1
) e ON true`;
