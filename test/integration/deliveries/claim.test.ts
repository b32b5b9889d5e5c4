import { Test, type TestingModule } from '@nestjs/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { ConfigModule } from '#libs/config';
import { Database, DatabaseModule } from '#libs/database';
import { DEFAULT_TENANT_ID, newId } from '#libs/kernel';
import { CLAIM } from '../../../libs/deliveries/src/feed/feed.sql.js';
import { FIND_DUE } from '../../../libs/deliveries/src/feed/find.sql.js';
import { testConfig } from '../../support/test-config.js';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';

const NOBODY = '00000000-0000-0000-0000-000000000000';
const LEASE_MARGIN_MS = 10_000;
const INLINE_BYTES = 16_384;

interface Row {
  readonly subscription_id: string;
  readonly is_probe: boolean;
  readonly now: Date | null;
  readonly event_id: string;
  readonly data: Buffer | null;
}

let server: TestDatabase;
let app: TestingModule;
let db: Database;
let id: string;
beforeAll(async () => {
  server = await createTestDatabase();
  const config = testConfig({ DATABASE_URL: server.url, BELLHOP_DATABASE_CONNECTIONS: '6' });
  app = await Test.createTestingModule({
    imports: [ConfigModule.forRoot(config), DatabaseModule.forRoot()],
  }).compile();
  await app.init();
  db = app.get(Database);
});
afterAll(async () => {
  await app.close();
  await server.drop();
});
beforeEach(async () => {
  await db.query('DELETE FROM delivery');
  id = await subscribed();
});

async function subscribed(deliveries = 300): Promise<string> {
  const subscriptionId = newId();
  await db.query(
    `INSERT INTO subscription (id, tenant_id, url, event_types, handshake, status)
     VALUES ($1, $2, 'https://a.example/hook', '{*}', 'none', 'active')`,
    [subscriptionId, DEFAULT_TENANT_ID],
  );
  await db.query(
    `WITH e AS (
       INSERT INTO event (id, tenant_id, type, occurred_at, data)
       SELECT gen_random_uuid(), $2, 'a.b', now(), '{}' FROM generate_series(1, $3) RETURNING id
     )
     INSERT INTO delivery (id, tenant_id, event_id, subscription_id, event_type)
     SELECT gen_random_uuid(), $2, id, $1, 'a.b' FROM e`,
    [subscriptionId, DEFAULT_TENANT_ID, deliveries],
  );
  return subscriptionId;
}

const claim = (share = 50, ids = [id]): Promise<Row[]> =>
  db.query<Row>(CLAIM, [ids, ids.map(() => share), LEASE_MARGIN_MS, INLINE_BYTES]);

async function found(): Promise<{ due: string[]; in_ms: number | null }> {
  const [row] = await db.query<{ due: string[]; in_ms: number | null }>(FIND_DUE, [NOBODY, 1000]);
  return row ?? { due: [], in_ms: null };
}

const open = (until: string): Promise<unknown> =>
  db.query(
    `INSERT INTO subscription_gate (subscription_id, opened_at, open_until, opened_count)
     VALUES ($1, now(), now() + $2::interval, 1)`,
    [id, until],
  );
const limit = (perSecond: number): Promise<unknown> =>
  db.query('UPDATE subscription SET rate_limit_per_second = $2 WHERE id = $1', [id, perSecond]);

test('a claim takes the share of each subscription, and no delivery twice', async () => {
  const other = await subscribed(20);
  expect(await found()).toMatchObject({ due: [id, other].sort() });
  const rows = (await Promise.all([claim(50, [id, other]), claim(50, [id, other])])).flat();
  const of = (subscription: string): number =>
    rows.filter(({ subscription_id }) => subscription_id === subscription).length;
  expect([of(id), of(other)]).toEqual([100, 20]);
});

test('a claim reads the due index in its order and changes the rows where they stand, though the table is young', async () => {
  const explain = { ...CLAIM, name: 'explained', text: `EXPLAIN ${CLAIM.text}` };
  const plan = await db.query<Record<string, string>>(explain, [[id], [50], LEASE_MARGIN_MS, INLINE_BYTES]);
  const lines = plan.flatMap((row) => Object.values(row)).join('\n');
  expect(lines).toContain('Index Scan using delivery_due_idx on delivery i');
  expect(lines).toContain('Tid Scan on delivery d');
  expect(lines).not.toContain('Seq Scan');
});

test('of one event a claim brings its data once, with the first of its deliveries', async () => {
  const [one, other] = [await subscribed(40), await subscribed(0)];
  await db.query(
    `INSERT INTO delivery (id, tenant_id, event_id, subscription_id, event_type)
     SELECT gen_random_uuid(), tenant_id, event_id, $2, event_type FROM delivery WHERE subscription_id = $1`,
    [one, other],
  );
  const rows = await claim(50, [one, other]);
  const brought = new Set<string>();
  for (const { event_id: eventId, data } of rows) {
    expect(data === null).toBe(brought.has(eventId));
    brought.add(eventId);
  }
  expect([rows.length, brought.size]).toEqual([80, 40]);
});

test('nothing is claimed while the circuit is open, and the search says when it may be', async () => {
  await open('45 seconds');
  expect(await claim()).toEqual([]);
  const { due, in_ms: inMs } = await found();
  expect(due).toEqual([]);
  expect(inMs).toBeGreaterThan(40_000);
  expect(inMs).toBeLessThanOrEqual(45_000);
});

test('of a half-open circuit exactly one delivery is claimed, however many claim at once', async () => {
  await open('-1 second');
  expect((await found()).due).toEqual([id]);
  const rows = (await Promise.all(Array.from({ length: 6 }, () => claim()))).flat();
  expect(rows).toMatchObject([{ subscription_id: id, is_probe: true }]);
  // Whoever has the probe has it until its lease is over.
  expect(await claim()).toEqual([]);
  expect((await found()).in_ms).toBeGreaterThan(20_000);
});

test('a half-open circuit waits for something to probe with', async () => {
  await open('-1 second');
  await db.query('DELETE FROM delivery');
  expect(await claim()).toEqual([]);
  const [row] = await db.query<{ is_over: boolean }>(
    'SELECT open_until < now() AS is_over FROM subscription_gate WHERE subscription_id = $1',
    [id],
  );
  expect(row?.is_over).toBe(true);
});

test('a limited subscription never gets more than its rate, whoever claims and whenever', async () => {
  const rate = 200;
  await limit(rate);
  const [start] = await db.query<{ refilled_at: Date }>(
    'SELECT refilled_at FROM subscription_gate WHERE subscription_id = $1',
    [id],
  );
  const claims: { at: number; count: number }[] = [];
  const claimer = async (): Promise<void> => {
    while (claims.reduce((sum, { count }) => sum + count, 0) < 150) {
      const rows = await claim();
      if (rows[0]?.now) claims.push({ at: rows[0].now.getTime(), count: rows.length });
    }
  };
  await Promise.all([claimer(), claimer(), claimer()]);
  claims.sort((one, other) => one.at - other.at);
  let taken = 0;
  for (const { at, count } of claims) {
    taken += count;
    const seconds = (at + 1 - (start?.refilled_at.getTime() ?? 0)) / 1000;
    // It begins with one token; the bucket holds a tenth of a second and one.
    expect(taken).toBeLessThanOrEqual(1 + rate * seconds);
  }
});

test('after a rest a limited subscription has one bucket, and the search waits for half of the next', async () => {
  await limit(100);
  await db.query(`UPDATE subscription_gate SET refilled_at = now() - interval '1 hour'`);
  expect((await found()).due).toEqual([id]);
  expect(await claim()).toHaveLength(11);
  const { due, in_ms: inMs } = await found();
  expect(due).toEqual([]);
  expect(inMs).toBeLessThanOrEqual(55);
});

test('a probe costs a token, and there is none without one', async () => {
  await limit(1);
  await db.query(
    `UPDATE subscription_gate SET tokens = 0, open_until = now() - interval '1 second' WHERE subscription_id = $1`,
    [id],
  );
  expect(await claim()).toEqual([]);
  await db.query(`UPDATE subscription_gate SET tokens = 1 WHERE subscription_id = $1`, [id]);
  expect(await claim()).toMatchObject([{ is_probe: true }]);
});

test('the search goes on where it ended, and leaves out what is leased, held or not due yet', async () => {
  const [leased, held, later] = [await subscribed(3), await subscribed(3), await subscribed(3)];
  await claim(50, [leased]);
  await db.query(`UPDATE delivery SET next_attempt_at = 'infinity' WHERE subscription_id = $1`, [held]);
  await db.query(
    `UPDATE delivery SET next_attempt_at = now() + interval '7 seconds' WHERE subscription_id = $1`,
    [later],
  );
  const seen: string[] = [];
  let soonest = Infinity;
  for (let after: string | null = NOBODY; after !== null;) {
    const rows: { due: string[]; in_ms: number | null; ended_at: string | null }[] = await db.query(
      FIND_DUE,
      [after, 2],
    );
    seen.push(...(rows[0]?.due ?? []));
    soonest = Math.min(soonest, rows[0]?.in_ms ?? Infinity);
    after = rows[0]?.ended_at ?? null;
  }
  expect(seen).toEqual([id]);
  expect(soonest).toBeGreaterThan(5_000);
  expect(soonest).toBeLessThanOrEqual(7_000);
});
