import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { PostgresEventStore } from '#libs/receiver';
import { eventuallyGives } from '../../support/eventually.js';
import { createEmptyDatabase, type TestDatabase } from '../../support/test-database.js';

let database: TestDatabase;
let pool: pg.Pool;
let store: PostgresEventStore;
beforeAll(async () => {
  database = await createEmptyDatabase();
  pool = new pg.Pool({ connectionString: database.url, max: 8 });
  await pool.query('CREATE SCHEMA app');
  store = new PostgresEventStore(pool, { table: 'app.received' });
  await store.createTable();
});
beforeEach(() => pool.query('TRUNCATE app.received'));
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const event = (id: string, key = id) => ({ id, key, type: 'a.b', payload: Buffer.from('{}') });

test('what a crashed process had in its hands is taken over when its lease is over', async () => {
  await store.keep(event('a1', 'a'));
  await store.keep(event('a2', 'a'));
  const lost = await store.claim({ leaseMs: 60_000 });
  expect(await store.claim({ leaseMs: 60_000 })).toBeNull();
  await pool.query(`UPDATE app.received SET lease_until = now() - interval '1 second' WHERE id = 'a1'`);
  const taken = await eventuallyGives(() => store.claim({ leaseMs: 60_000 }));
  expect(taken).toMatchObject({ attempt: 2, event: { id: 'a1' } });
  if (lost) await store.finish(lost);
  expect(await store.countUnfinished()).toBe(2);
});

test('many workers of many processes empty a backlog, each event once, no key twice at a time', async () => {
  const ids = Array.from({ length: 60 }, (_, index) => `e${index}`);
  for (const id of ids) await store.keep(event(id, `key-${Number(id.slice(1)) % 7}`));
  const done: string[] = [];
  const held = new Set<string>();
  const worker = async (): Promise<void> => {
    while (done.length < ids.length) {
      const claim = await store.claim({ leaseMs: 60_000 });
      if (!claim) continue;
      expect(held.has(claim.event.key)).toBe(false);
      held.add(claim.event.key);
      await pool.query('SELECT 1');
      done.push(claim.event.id);
      held.delete(claim.event.key);
      await store.finish(claim);
    }
  };
  await Promise.all(Array.from({ length: 6 }, worker));
  expect(done.toSorted()).toEqual(ids.toSorted());
  const ofOneKey = done.filter((id) => Number(id.slice(1)) % 7 === 3).map((id) => Number(id.slice(1)));
  expect(ofOneKey).toEqual(ofOneKey.toSorted((a, b) => a - b));
});

test('a key that was claimed out of order by another process is not claimed twice', async () => {
  await store.keep(event('a1', 'a'));
  await store.keep(event('a2', 'a'));
  // As if the first one had been committed after another process took the second one.
  await pool.query(
    `UPDATE app.received SET lease_until = now() + interval '1 hour', attempt_count = 1 WHERE id = 'a2'`,
  );
  expect(await store.claim({ leaseMs: 60_000 })).toBeNull();
  await pool.query(`UPDATE app.received SET lease_until = now() - interval '1 second' WHERE id = 'a2'`);
  expect((await store.claim({ leaseMs: 60_000 }))?.event.id).toBe('a2');
});

test('why an event was given up stays with it, until old ones are forgotten', async () => {
  await store.keep(event('e1'));
  const claim = await eventuallyGives(() => store.claim({ leaseMs: 60_000 }));
  await store.setBack(claim, { reason: 'Error: no such disk', retryAfterMs: null });
  const { rows } = await pool.query('SELECT failure, finished_at IS NOT NULL AS over FROM app.received');
  expect(rows).toEqual([{ failure: 'Error: no such disk', over: true }]);
  await store.forget(1);
  expect(await store.keep(event('e1'))).toBe('finished');
  await pool.query(`UPDATE app.received SET finished_at = now() - interval '2 days'`);
  await store.forget(1);
  expect(await store.keep(event('e1'))).toBe('new');
});

test.each(['x; DROP TABLE y', 'a.b.c', '"a"', ''])('the name %j is no table', (table) => {
  expect(() => new PostgresEventStore(pool, { table })).toThrow(/name/);
});
