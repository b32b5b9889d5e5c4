import { DEFAULT_TENANT_ID } from '#libs/kernel';
import type { BenchContext, Platform } from '../../case.js';
import { BLANK_MARK, writeMark } from '../../mark.js';
import { nowMicros } from '../../measure/clock.js';

export interface Backlog {
  /** Event types that take turns; each event gets a due delivery for each subscription to its type. */
  readonly types: readonly string[];
  readonly events: number;
}

const FILLER = 'x'.repeat(512 - BLANK_MARK.length - '{"mark":"","filler":""}'.length);

/**
 * Writes events with deliveries that have been due for an hour, and tells the feeders. What has waited for so long was
 * seen by reconciliation and by autovacuum already, so neither falls into a measurement.
 */
export async function seedBacklog(
  { sink }: Pick<BenchContext, 'sink'>,
  platform: Platform,
  { types, events }: Backlog,
): Promise<void> {
  const marks = marksOf(sink.run, events);
  await platform.query(BACKLOG, [DEFAULT_TENANT_ID, types, marks, FILLER]);
  await platform.query('VACUUM (ANALYZE) event, delivery');
  await platform.query(`SELECT pg_notify('bellhop_due', '')`);
}

function marksOf(run: number, count: number): string[] {
  const bytes = Buffer.from(BLANK_MARK);
  const dueMicros = nowMicros();
  return Array.from({ length: count }, (_, sequence) => {
    writeMark(bytes, 0, { run, sequence, dueMicros });
    return bytes.toString();
  });
}

/** UUIDv7 in the order of their making: the time, then a number within it; a delivery's begins like its event's, and it is due since then. */
const BACKLOG = `
WITH subscribed AS (
  SELECT id, unnest(event_types) AS type FROM subscription WHERE tenant_id = $1::uuid AND deleted_at IS NULL
), i AS (
  SELECT n, mark, ($2::text[])[1 + n % cardinality($2::text[])] AS type,
    (extract(epoch FROM now() - interval '1 hour') * 1000)::bigint - cardinality($3::text[]) + n AS ms
  FROM unnest($3::text[]) WITH ORDINALITY AS i(mark, n)
), e AS (
  INSERT INTO event (id, tenant_id, type, occurred_at, accepted_at, data)
  SELECT (lpad(to_hex(ms), 12, '0') || '7' || lpad(to_hex(n % 100), 3, '0') || '8' || lpad(to_hex(n), 15, '0'))::uuid,
    $1::uuid, type, to_timestamp(ms / 1000.0), to_timestamp(ms / 1000.0),
    convert_to('{"mark":"' || mark || '","filler":"' || $4::text || '"}', 'UTF8')
  FROM i
  RETURNING id, tenant_id, type, occurred_at
)
INSERT INTO delivery (id, tenant_id, event_id, subscription_id, event_type, status, next_attempt_at, created_at)
SELECT overlay(e.id::text PLACING right(s.id::text, 12) FROM 25)::uuid, e.tenant_id, e.id, s.id, e.type, 'pending', e.occurred_at, e.occurred_at
FROM e JOIN subscribed s ON s.type = e.type`;
