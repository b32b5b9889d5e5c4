import { afterAll, beforeAll, expect, test } from 'vitest';
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
  await engine.db.query(`UPDATE subscription SET status = 'paused'`);
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
