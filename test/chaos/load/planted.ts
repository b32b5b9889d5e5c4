import { DEFAULT_TENANT_ID, newId } from '#libs/kernel';
import type { Book } from '../oracle/book.js';
import type { ChaosPlatform } from '../platform/chaos-platform.js';

const ROWS_AT_ONCE = 10_000;

interface Planted {
  readonly platform: ChaosPlatform;
  readonly book: Book;
  readonly type: string;
  readonly events: number;
}

/** As intake leaves events behind that could not go out at once: accepted, and due for every subscription of the type. */
export async function plantPending({ platform: { sql }, book, type, events }: Planted): Promise<void> {
  const rows = await sql.query<{ id: string }>('SELECT id FROM subscription WHERE event_types = ARRAY[$1]', [
    type,
  ]);
  const subscriptions = rows.map(({ id }) => id);
  const ids = Array.from({ length: events }, () => newId());
  await sql.query(EVENTS, [ids, DEFAULT_TENANT_ID, type, subscriptions]);
  const pairs = ids.flatMap((eventId) =>
    subscriptions.map((subscriptionId) => ({ eventId, subscriptionId })),
  );
  for (let from = 0; from < pairs.length; from += ROWS_AT_ONCE) {
    const some = pairs.slice(from, from + ROWS_AT_ONCE);
    await sql.query(DELIVERIES, [
      some.map(() => newId()),
      some.map(({ eventId }) => eventId),
      some.map(({ subscriptionId }) => subscriptionId),
      DEFAULT_TENANT_ID,
      type,
    ]);
  }
  for (const id of ids) book.accept(id, type);
}

const EVENTS = `
INSERT INTO event (id, tenant_id, type, occurred_at, data, subscription_ids)
SELECT id, $2, $3, now(), convert_to('{"n":0}', 'UTF8'), $4::uuid[] FROM unnest($1::uuid[]) AS id`;

const DELIVERIES = `
INSERT INTO delivery (id, tenant_id, event_id, subscription_id, event_type, next_attempt_at)
SELECT d.id, $4, d.event_id, d.subscription_id, $5, now()
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS d(id, event_id, subscription_id)`;
