import { afterEach, beforeEach, expect, test } from 'vitest';
import { DEFAULT_TENANT_ID, newId } from '#libs/kernel';
import { Engine } from '../deliveries/engine.js';

let engine: Engine;
beforeEach(async () => {
  engine = await Engine.start();
});
afterEach(() => engine.stop());

/** A claim took the event of the first delivery with this id for both: one tenant's data went to the other's receiver. */
test('a retry carries the event of its own tenant, though another one chose the same id for its event', async () => {
  const [other, eventId] = [newId(), newId()];
  await engine.db.query('INSERT INTO tenant (id, name) VALUES ($1, $2)', [other, 'other']);
  const subscriptions = [
    await engine.subscribe({ url: `${engine.receiver.url}/ours` }),
    await engine.subscribe({ url: `${engine.receiver.url}/theirs`, tenantId: other }),
  ];
  await engine.db.query(
    `WITH who AS (
       SELECT unnest($1::uuid[]) AS tenant_id, unnest($2::uuid[]) AS subscription_id, unnest($3::text[]) AS data
     ), e AS (
       INSERT INTO event (id, tenant_id, type, occurred_at, data)
       SELECT $4, tenant_id, 'guestbook.entry.created', now(), convert_to(data, 'UTF8') FROM who
     )
     INSERT INTO delivery (id, tenant_id, event_id, subscription_id, event_type, attempt_count)
     SELECT gen_random_uuid(), tenant_id, $4, subscription_id, 'guestbook.entry.created', 1 FROM who`,
    [[DEFAULT_TENANT_ID, other], subscriptions, ['{"of":"us"}', '{"of":"them"}'], eventId],
  );
  await engine.db.query(`SELECT pg_notify('bellhop_due', '')`);
  const received = (await engine.receiver.receives(2)).map(({ path, body }) => ({
    path,
    data: (JSON.parse(body.toString()) as { data: unknown }).data,
  }));
  expect(received.toSorted((a, b) => a.path.localeCompare(b.path))).toEqual([
    { path: '/hook/ours', data: { of: 'us' } },
    { path: '/hook/theirs', data: { of: 'them' } },
  ]);
});
