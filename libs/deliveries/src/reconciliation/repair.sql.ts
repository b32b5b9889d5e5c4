/**
 * Writes deliveries that are missing, as intake would have: due, held, or discarded if nobody wants them any more. The
 * lock on the subscription orders this against its resume or its deletion, as that of a hold does.
 */
export const INSERT_MISSING = `
WITH wanted AS (
  SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[]) AS w(id, tenant_id, event_id, subscription_id)
), s AS (
  SELECT id, status, deleted_at FROM subscription WHERE id IN (SELECT subscription_id FROM wanted) ORDER BY id FOR SHARE
)
INSERT INTO delivery (id, tenant_id, event_id, subscription_id, event_type, status, reason, next_attempt_at, created_at)
SELECT w.id, e.tenant_id, e.id, w.subscription_id, e.type,
  CASE WHEN s.id IS NULL OR s.deleted_at IS NOT NULL THEN 'discarded' ELSE 'pending' END,
  CASE WHEN s.id IS NULL OR s.deleted_at IS NOT NULL THEN 'subscription_deleted' END,
  CASE WHEN s.id IS NULL OR s.deleted_at IS NOT NULL THEN NULL WHEN s.status = 'active' THEN now() ELSE 'infinity' END,
  e.accepted_at
FROM wanted w JOIN event e ON e.tenant_id = w.tenant_id AND e.id = w.event_id
LEFT JOIN s ON s.id = w.subscription_id
ON CONFLICT (event_id, subscription_id) DO NOTHING`;

/** Makes deliveries due that nobody would pick up; whoever claims one whose subscription is not active holds it. */
export const MAKE_DUE = `
UPDATE delivery d SET next_attempt_at = now(), lease_until = NULL
FROM unnest($1::uuid[], $2::uuid[]) AS w(tenant_id, id)
WHERE d.tenant_id = w.tenant_id AND d.id = w.id AND d.status = 'pending'
  AND (d.next_attempt_at IS NULL OR d.next_attempt_at = 'infinity')
  AND (d.lease_until IS NULL OR d.lease_until <= now())`;

export const NOTE_REPAIRED = `
UPDATE reconciliation_difference d SET repaired_at = now()
FROM unnest($1::text[], $2::uuid[], $3::uuid[]) AS r(kind, event_id, subscription_id)
WHERE d.kind = r.kind AND d.event_id = r.event_id AND d.subscription_id = r.subscription_id`;

/** What was repaired is shown for a month. */
export const FORGET_REPAIRED = `
DELETE FROM reconciliation_difference WHERE repaired_at < now() - interval '30 days'`;
