/**
 * The end of what can be looked at: everything accepted before it is committed, unless a transaction has been open for
 * more than a minute, which no intake is. What came later all the same is found when the window is looked at again.
 */
export const BOUNDARY = `
SELECT now() AS now, date_trunc('milliseconds', least(now() - $1 * interval '1 ms', (
  SELECT min(xact_start) FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start > now() - interval '1 minute'
))) AS boundary`;

export const LAST_WINDOW = `
SELECT started_at, ended_at, accepted FROM reconciliation_window ORDER BY started_at DESC LIMIT 1`;

/**
 * What is to be looked at again: first what had differences, then what was looked at while its leases may have been
 * alive, then what was not looked at for longest.
 */
export const NEXT_WINDOWS = `
SELECT started_at, ended_at FROM reconciliation_window
WHERE differences <> '{}' OR checked_at < now() - $2 * interval '1 ms'
  OR (checked_at < ended_at + $1 * interval '1 ms' AND ended_at < now() - $1 * interval '1 ms')
ORDER BY differences = '{}', checked_at >= ended_at + $1 * interval '1 ms', checked_at LIMIT 20`;

export const OLD_TALLY = `
SELECT tenant_id, subscription_id, accepted, found FROM reconciliation_tally WHERE started_at = $1`;

export const SAVE_WINDOW = `
INSERT INTO reconciliation_window (started_at, ended_at, checked_at, accepted, differences)
VALUES ($1, $2, now(), $3, $4)
ON CONFLICT (started_at) DO UPDATE SET ended_at = EXCLUDED.ended_at, checked_at = EXCLUDED.checked_at,
  accepted = EXCLUDED.accepted, differences = EXCLUDED.differences`;

/** Only what changed is given: a look that finds what the last one found writes nothing here. */
export const SAVE_TALLIES = `
WITH changed AS (
  SELECT * FROM unnest($2::uuid[], $3::uuid[], $4::int[], $5::int[], $6::int[], $7::int[])
    AS c(tenant_id, subscription_id, accepted, found, more_accepted, more_found)
), tally AS (
  INSERT INTO reconciliation_tally (started_at, tenant_id, subscription_id, accepted, found)
  SELECT $1, tenant_id, subscription_id, accepted, found FROM changed
  ON CONFLICT (started_at, tenant_id, subscription_id) DO UPDATE
  SET accepted = EXCLUDED.accepted, found = EXCLUDED.found
)
INSERT INTO reconciliation_total AS total (tenant_id, subscription_id, accepted, found)
SELECT tenant_id, subscription_id, more_accepted, more_found FROM changed
ON CONFLICT (tenant_id, subscription_id) DO UPDATE
SET accepted = total.accepted + EXCLUDED.accepted, found = total.found + EXCLUDED.found`;

/** $1 is the window, null for what belongs to none; of these kinds ($2) what is not named any more is over. */
export const SAVE_DIFFERENCES = `
WITH named AS (
  SELECT * FROM unnest($3::text[], $4::uuid[], $5::uuid[], $6::uuid[], $7::uuid[])
    AS n(kind, tenant_id, event_id, subscription_id, delivery_id)
), over AS (
  DELETE FROM reconciliation_difference d
  WHERE d.window_started_at IS NOT DISTINCT FROM $1 AND d.repaired_at IS NULL AND d.kind = ANY($2::text[])
    AND NOT EXISTS (SELECT FROM named n WHERE n.kind = d.kind AND n.event_id = d.event_id
      AND n.subscription_id = d.subscription_id)
)
INSERT INTO reconciliation_difference (kind, tenant_id, event_id, subscription_id, delivery_id, window_started_at)
SELECT kind, tenant_id, event_id, subscription_id, delivery_id, $1 FROM named
ON CONFLICT (kind, event_id, subscription_id) DO UPDATE
SET found_at = now(), repaired_at = NULL, delivery_id = EXCLUDED.delivery_id
WHERE reconciliation_difference.repaired_at IS NOT NULL`;

export const STATE = `SELECT checked_until FROM reconciliation`;

export const SAVE_STATE = `
UPDATE reconciliation SET checked_until = $1, ran_at = now(), duration_ms = $2, rows_checked = rows_checked + $3,
  counted_until = CASE WHEN $4 THEN $1 ELSE counted_until END`;

/** Deliveries that are missing in all windows, as far as they were looked at. */
export const MISSING = `
SELECT coalesce(sum((differences->>'delivery_missing')::int), 0)::int AS missing
FROM reconciliation_window WHERE differences <> '{}'`;
