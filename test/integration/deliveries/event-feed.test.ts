import { afterAll, beforeAll, expect, test } from 'vitest';
import { Database, type DatabaseClient } from '#libs/database';
import { EventFeed } from '#libs/deliveries';
import { fromTypeId, newId } from '#libs/kernel';
import { Engine } from './engine.js';

let engine: Engine;
let database: Database;
let feed: EventFeed;
beforeAll(async () => {
  engine = await Engine.start();
  database = engine.app.get(Database);
  feed = engine.app.get(EventFeed);
});
afterAll(() => engine.stop());

const INSERT = `
INSERT INTO event (id, tenant_id, type, occurred_at, data) VALUES ($1, $2, 'shop.order.placed', now(), $3)`;

async function insert(client: DatabaseClient, tenantId: string, data = Buffer.from('1')): Promise<string> {
  const id = newId();
  await client.query(INSERT, [id, tenantId, data]);
  return id;
}

/** Without the transactions that run meanwhile, which may be anybody's on this server. */
const placeOf = (cursor: string): string => cursor.split('.', 1)[0] ?? '';

async function readAll(tenantId: string, from: string | undefined, limit: number) {
  const ids: string[] = [];
  let cursor = from;
  for (;;) {
    const page = await feed.page({ tenantId, limit, cursor });
    cursor = page.cursor;
    if (page.events.length === 0) return { ids, cursor };
    ids.push(...page.events.map(({ id }) => fromTypeId('evt', id) ?? id));
  }
}

test('1000 transactions that overlap at random leave nothing out and bring nothing twice', async () => {
  const tenantId = newId();
  const committed: string[] = [];
  const transact = async (): Promise<void> => {
    const ids: string[] = [];
    await database
      .transaction(async (client) => {
        const count = 1 + Math.floor(Math.random() * 3);
        for (let made = 0; made < count; made += 1) {
          ids.push(await insert(client, tenantId));
          if (Math.random() < 0.3) await client.query('SELECT pg_sleep($1)', [Math.random() * 0.01]);
        }
        if (Math.random() < 0.1) throw new Error('rolled back');
        committed.push(...ids);
      })
      .catch(() => undefined);
  };
  let left = 1000;
  const writer = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await transact();
    }
  };
  const read: string[] = [];
  let cursor: string | undefined;
  let isWriting = true;
  const reader = async (): Promise<void> => {
    while (isWriting) {
      const page = await readAll(tenantId, cursor, 7);
      read.push(...page.ids);
      cursor = page.cursor;
    }
  };
  const reading = reader();
  await Promise.all(Array.from({ length: 5 }, writer));
  isWriting = false;
  await reading;
  read.push(...(await readAll(tenantId, cursor, 7)).ids);
  expect(committed.length).toBeGreaterThan(1000);
  expect(read.length).toBe(committed.length);
  expect(read.toSorted()).toEqual(committed.toSorted());
  expect((await readAll(tenantId, undefined, 250)).ids.toSorted()).toEqual(committed.toSorted());
});

test('a transaction that runs long holds nobody back, and its events come when it ends', async () => {
  const tenantId = newId();
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  let slow: Promise<void> = Promise.resolve();
  const late = await new Promise<string>((begun) => {
    slow = database.transaction(async (client) => {
      begun(await insert(client, tenantId));
      await ended;
    });
  });
  const quick = await insert(database, tenantId);
  const first = await readAll(tenantId, undefined, 10);
  expect(first.ids).toEqual([quick]);
  const latest = await feed.latest(tenantId);
  expect(placeOf(latest)).toBe(placeOf(first.cursor));
  end();
  await slow;
  expect((await readAll(tenantId, first.cursor, 10)).ids).toEqual([late]);
  expect((await readAll(tenantId, latest, 10)).ids).toEqual([late]);
});

test('the end has one cursor, however one comes there, and it stays good', async () => {
  const tenantId = newId();
  expect((await feed.page({ tenantId, limit: 5 })).cursor).toBe(await feed.latest(tenantId));
  const ids = [await insert(database, tenantId), await insert(database, tenantId)];
  const byOne = await readAll(tenantId, undefined, 1);
  expect(byOne.ids).toEqual(ids);
  const atOnce = await readAll(tenantId, undefined, 250);
  expect(atOnce.ids).toEqual(ids);
  for (const cursor of [atOnce.cursor, await feed.latest(tenantId)])
    expect(placeOf(cursor)).toBe(placeOf(byOne.cursor));
  const another = await insert(database, tenantId);
  expect((await readAll(tenantId, byOne.cursor, 5)).ids).toEqual([another]);
});

test("another tenant's events are never on a page, and a cursor of another database is refused", async () => {
  const [one, other] = [newId(), newId()];
  const id = await insert(database, one);
  const { cursor } = await readAll(one, undefined, 5);
  expect((await readAll(other, undefined, 5)).ids).toEqual([]);
  expect((await readAll(one, undefined, 5)).ids).toEqual([id]);
  const foreign = cursor.replace(/^[^-]+/, 'zzzzzzzzzz');
  await expect(feed.page({ tenantId: one, limit: 5, cursor: foreign })).rejects.toMatchObject({
    code: 'invalid_cursor',
  });
});

test('events of a restored dump come first, once they are told from those of this life of the database', async () => {
  const tenantId = newId();
  const restored: string[] = [];
  await database.transaction(async (client) => {
    for (let made = 0; made < 4; made += 1) restored.push(await insert(client, tenantId));
  });
  await database.query('UPDATE event SET accepted_in = accepted_in + 1000000000 WHERE tenant_id = $1', [
    tenantId,
  ]);
  const ahead = await feed.page({ tenantId, limit: 10 });
  await expect(feed.page({ tenantId, limit: 10, cursor: ahead.cursor })).rejects.toMatchObject({
    code: 'invalid_cursor',
  });
  await database.query('UPDATE event SET accepted_in = 0 WHERE tenant_id = $1', [tenantId]);
  const latest = await feed.latest(tenantId);
  const first = await readAll(tenantId, undefined, 3);
  expect(first.ids).toEqual(restored);
  const added = await insert(database, tenantId);
  expect((await readAll(tenantId, first.cursor, 3)).ids).toEqual([added]);
  expect((await readAll(tenantId, latest, 3)).ids).toEqual([added]);
});

test('a page ends before it grows too large to be held', async () => {
  const tenantId = newId();
  const large = Buffer.from(JSON.stringify('x'.repeat(250_000)));
  const ids: string[] = [];
  for (let made = 0; made < 20; made += 1) ids.push(await insert(database, tenantId, large));
  const page = await feed.page({ tenantId, limit: 250 });
  expect(page.events.length).toBe(17);
  expect((await readAll(tenantId, undefined, 250)).ids).toEqual(ids);
});
