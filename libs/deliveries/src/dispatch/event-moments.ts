import type { Database } from '#libs/database';
import type { EventHead } from '#libs/signing';

/** Another event of the subscription may take the same moment in between; then the next one is free. */
const MAX_TRIES = 20;

/** The moment that the event has already, or else its own time, or else the first that is free after that. */
const TAKE = `
WITH known AS (SELECT moment FROM event_moment WHERE subscription_id = $1 AND event_id = $2),
taken AS (
  INSERT INTO event_moment (subscription_id, event_id, moment)
  SELECT $1, $2, free.moment
  FROM (
    SELECT $3::timestamptz AS moment
    WHERE NOT EXISTS (SELECT FROM event_moment WHERE subscription_id = $1 AND moment = $3)
    UNION ALL (
      SELECT last.moment + interval '1 millisecond' FROM event_moment last
      WHERE last.subscription_id = $1 AND last.moment >= $3 AND NOT EXISTS (
        SELECT FROM event_moment next
        WHERE next.subscription_id = $1 AND next.moment = last.moment + interval '1 millisecond')
      ORDER BY last.moment LIMIT 1)
    ORDER BY moment LIMIT 1) free
  WHERE NOT EXISTS (SELECT FROM known)
  ON CONFLICT DO NOTHING
  RETURNING moment)
SELECT moment FROM known UNION ALL SELECT moment FROM taken`;

/**
 * The time that an event has in the requests of one subscription: its own, or a little later, so that no two events
 * have the same millisecond; the same for every attempt.
 */
export async function ownMoment(database: Database, subscriptionId: string, event: EventHead): Promise<Date> {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const [row] = await database.query<{ moment: Date }>(TAKE, [subscriptionId, event.id, event.timestamp]);
    if (row !== undefined) return row.moment;
  }
  throw new Error(`no free moment for event ${event.id}`);
}
