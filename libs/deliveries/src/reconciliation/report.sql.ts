export const SUMMARY = `
SELECT counted_until, ran_at, duration_ms, rows_checked::float8 AS rows_checked,
  extract(epoch FROM now() - ran_at)::float8 AS ran_seconds_ago,
  extract(epoch FROM now() - counted_until)::float8 AS lag_seconds
FROM reconciliation`;

/** Windows know how many there are, however few of them are named; what belongs to no window is named. */
export const COUNTS = `
SELECT kind, sum(count)::int AS count FROM (
  SELECT d.key AS kind, d.value::int AS count
  FROM reconciliation_window w CROSS JOIN LATERAL jsonb_each_text(w.differences) d WHERE w.differences <> '{}'
  UNION ALL
  SELECT kind, count(*) FROM reconciliation_difference
  WHERE window_started_at IS NULL AND repaired_at IS NULL GROUP BY kind
) c GROUP BY kind`;

/** The oldest of each kind, those that are open ($1 is false) or were repaired. */
export const SAMPLES = `
SELECT kind, tenant_id, event_id, subscription_id, delivery_id, found_at, repaired_at, count FROM (
  SELECT *, count(*) OVER (PARTITION BY kind)::int AS count,
    row_number() OVER (PARTITION BY kind ORDER BY repaired_at DESC, found_at, event_id) AS place
  FROM reconciliation_difference WHERE (repaired_at IS NOT NULL) = $1
) d WHERE place <= $2 ORDER BY kind, place`;

const NUMBERS = `sum(counted_accepted)::float8 AS accepted, sum(counted_found)::float8 AS found,
  sum(pending)::float8 AS pending, sum(exhausted)::float8 AS exhausted, sum(discarded)::float8 AS discarded`;

export const TOTALS = `SELECT ${NUMBERS} FROM reconciliation_total`;

export const OF_SUBSCRIPTIONS = `
SELECT subscription_id, tenant_id, ${NUMBERS} FROM reconciliation_total
WHERE subscription_id > $1 GROUP BY subscription_id, tenant_id ORDER BY subscription_id LIMIT $2`;

export const OF_TENANTS = `
SELECT tenant_id, ${NUMBERS} FROM reconciliation_total WHERE tenant_id = ANY($1::uuid[])
GROUP BY tenant_id ORDER BY tenant_id`;
