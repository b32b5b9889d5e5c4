import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { DEFAULT_TENANT_ID, newId } from '#libs/kernel';
import { eventuallyGives } from '../../support/eventually.js';
import { Receiver } from '../../support/receiver.js';
import { Engine } from './engine.js';

let engine: Engine;
let hanging: Receiver;
beforeAll(async () => {
  engine = await Engine.start();
  hanging = await Receiver.start();
  hanging.behave({ hang: true });
});
afterAll(async () => {
  await engine.stop();
  await hanging.stop();
});
afterEach(() => engine.db.query('UPDATE subscription SET deleted_at = now()'));

test('a subscriber that hangs holds up nobody else, and none of its own deliveries is burned by waiting', async () => {
  const slow = await engine.subscribe({ url: hanging.url, timeoutMs: 3000, scheduleSeconds: [60] });
  await engine.subscribe();
  const publishedAt = Date.now();
  const accepted = await Promise.all(Array.from({ length: 200 }, (_, n) => engine.publish({ data: { n } })));
  await engine.receiver.receives(200, 5000);
  // Alone it takes well under a second; behind the hanging one it would take minutes.
  expect(Date.now() - publishedAt).toBeLessThan(4000);
  const rows: { attempt_count: number; count: number }[] = await eventuallyGives(async () => {
    const found = await engine.db.query<{ attempt_count: number; count: number }>(
      `SELECT attempt_count, count(*)::int AS count FROM delivery WHERE status = 'pending' AND subscription_id = $1
       GROUP BY 1 ORDER BY 1`,
      [slow],
    );
    return found.some(({ attempt_count }) => attempt_count === 1) ? found : null;
  });
  expect(rows[0]).toMatchObject({ attempt_count: 0 });
  expect(rows.reduce((sum, { count }) => sum + count, 0)).toBe(accepted.length);
});

test('two dispatchers on one database share the work and send nothing twice', async () => {
  engine.receiver.requests.length = 0;
  await engine.subscribe({ status: 'paused' });
  const ids = await Promise.all(
    Array.from({ length: 300 }, async (_, n) => (await engine.publish({ data: { n } })).id),
  );
  const twin = await Engine.start({ ...engine.database, drop: async () => undefined });
  await engine.db.query(`UPDATE subscription SET status = 'active' WHERE url = $1`, [engine.receiver.url]);
  await engine.receiver.receives(300);
  await twin.stop();
  const seen = engine.receiver.deliveries.map(({ headers }) => headers['webhook-id']);
  expect(seen).toHaveLength(300);
  expect(new Set(seen)).toEqual(new Set(ids));
});

/** Deliveries that are due now, written straight into PostgreSQL: as many for each subscription. */
async function backlog(subscriptions: readonly string[], each: number, tenantId: string): Promise<void> {
  await engine.db.query(
    `WITH e AS (
       INSERT INTO event (id, tenant_id, type, occurred_at, data)
       SELECT gen_random_uuid(), $2, 'guestbook.entry.created', now(), '{}' FROM generate_series(1, $3) RETURNING id
     )
     INSERT INTO delivery (id, tenant_id, event_id, subscription_id, event_type, attempt_count)
     SELECT gen_random_uuid(), $2, e.id, s.id, 'guestbook.entry.created', 1 FROM e, unnest($1::uuid[]) AS s(id)`,
    [subscriptions, tenantId, each],
  );
  await engine.db.query(`SELECT pg_notify('bellhop_due', '')`);
}

test('a tenant with many subscriptions and a large backlog does not hold up one with a single one', async () => {
  engine.receiver.requests.length = 0;
  engine.receiver.behave({ delayMs: 300, status: 200 });
  const other = newId();
  await engine.db.query('INSERT INTO tenant (id, name) VALUES ($1, $2)', [other, 'other']);
  const single = await engine.subscribe({ tenantId: other, url: `${engine.receiver.url}/single` });
  const many: string[] = [];
  for (let n = 0; n < 30; n += 1) many.push(await engine.subscribe());
  await backlog(many, 200, DEFAULT_TENANT_ID);
  await engine.receiver.receives(100);
  await backlog([single], 30, other);
  const ofSingle = (): number =>
    engine.receiver.deliveries.filter(({ path }) => path === '/hook/single').length;
  await eventuallyGives(() => ofSingle() === 30, { timeoutMs: 18_000 });
  // In one line for all it would come after the 6,000 that were there before.
  expect(engine.receiver.deliveries.length).toBeLessThan(3000);
});

test('a first attempt finds room beside any number of retries that take their time', async () => {
  engine.receiver.requests.length = 0;
  engine.receiver.behave({ delayMs: 1500, status: 200 });
  const late: string[] = [];
  for (let n = 0; n < 40; n += 1)
    late.push(await engine.subscribe({ eventTypes: ['guestbook.entry.deleted'] }));
  const prompt = await Receiver.start({ secret: engine.receiver.secret ?? '' });
  await engine.subscribe({ url: prompt.url });
  await engine.publish();
  await prompt.receives(1);
  await backlog(late, 10, DEFAULT_TENANT_ID);
  await engine.receiver.receives(50);
  await engine.publish();
  await prompt.receives(2);
  // Forty retries a second and a half: most of the four hundred are still to come.
  expect(engine.receiver.deliveries.length).toBeLessThan(300);
  await prompt.stop();
});

test('a cap that is changed holds from then on', async () => {
  const receiver = await Receiver.start();
  receiver.behave({ delayMs: 100, status: 200 });
  const id = await engine.subscribe({ url: receiver.url, maxInFlight: 1 });
  await backlog([id], 60, DEFAULT_TENANT_ID);
  const times = (await receiver.receives(3)).map(({ receivedAt }) => receivedAt.getTime());
  // One after the other: the third comes when two have been answered.
  expect((times[2] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(195);
  await engine.db.query('UPDATE subscription SET max_in_flight = 30 WHERE id = $1', [id]);
  const changedAt = Date.now();
  await receiver.receives(60);
  // One after the other it would take more than five seconds.
  expect(Date.now() - changedAt).toBeLessThan(4500);
  await receiver.stop();
});

test('what was held during a pause does not come as a herd', async () => {
  const receiver = await Receiver.start();
  receiver.behave({ delayMs: 150, status: 200 });
  const id = await engine.subscribe({ url: receiver.url, status: 'paused' });
  await Promise.all(Array.from({ length: 60 }, (_, n) => engine.publish({ data: { n } })));
  await engine.db.query(`UPDATE subscription SET status = 'active' WHERE id = $1`, [id]);
  const times = (await receiver.receives(60)).map(({ receivedAt }) => receivedAt.getTime());
  const within = (ms: number): number => times.filter((at) => at - (times[0] ?? 0) < ms).length;
  // Two until one of them is answered, and then each answer lets one more through.
  expect(within(145)).toBeLessThanOrEqual(2);
  expect(within(295)).toBeLessThanOrEqual(6);
  await receiver.stop();
});
