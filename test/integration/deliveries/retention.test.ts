import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DEFAULT_TENANT_ID, newId, toTypeId } from '#libs/kernel';
import { DeliveryLog } from '#libs/deliveries';
import { eventually } from '../../support/eventually.js';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { Engine } from './engine.js';

let database: TestDatabase;
let sql: pg.Client;
let engine: Engine | undefined;

beforeEach(async () => {
  database = await createTestDatabase();
  sql = new pg.Client({ connectionString: database.url });
  await sql.connect();
});
afterEach(async () => {
  await sql.end();
  if (engine) await engine.stop();
  else await database.drop();
  engine = undefined;
});

/** The name of the partition of a day; days count from today, before it below zero. */
async function partitionOf(day: number): Promise<string> {
  const name = `SELECT 'delivery_attempt_' || to_char((now() AT TIME ZONE 'UTC')::date + $1::int, 'YYYYMMDD') AS name`;
  return (await sql.query<{ name: string }>(name, [day])).rows[0]?.name ?? '';
}

async function exists(name: string): Promise<boolean> {
  const { rows } = await sql.query<{ found: boolean }>('SELECT to_regclass($1) IS NOT NULL AS found', [name]);
  return rows[0]?.found ?? false;
}

async function makeDay(day: number): Promise<string> {
  await sql.query(`SELECT ensure_attempt_partition((now() AT TIME ZONE 'UTC')::date + $1::int)`, [day]);
  return partitionOf(day);
}

/** An attempt at noon of a day, in whatever partition that is. */
async function addAttempt(day: number, deliveryId = newId(), number = 1): Promise<void> {
  await sql.query(
    `INSERT INTO delivery_attempt (delivery_id, fence, started_at, number, tenant_id, subscription_id, url, duration_ms,
       outcome)
     VALUES ($1, $2, ((now() AT TIME ZONE 'UTC')::date + $3::int + interval '12 hours') AT TIME ZONE 'UTC', $2, $4, $5,
       'https://example.com/', 1, 'delivered')`,
    [deliveryId, number, day, DEFAULT_TENANT_ID, newId()],
  );
}

const strays = async (): Promise<number> =>
  (await sql.query('SELECT 1 FROM delivery_attempt_default')).rowCount ?? 0;

test('days that are wholly older than the retention are dropped, and no other', async () => {
  const [old, lastKept] = [await makeDay(-31), await makeDay(-30)];
  await addAttempt(-31);
  await addAttempt(-30);
  await addAttempt(-90);
  await addAttempt(-29);
  expect(await strays()).toBe(2);
  engine = await Engine.start(database);
  await eventually(async () => {
    expect(await exists(old)).toBe(false);
    expect(await strays()).toBe(1);
  });
  expect(await exists(lastKept)).toBe(true);
  const { rows } = await sql.query('SELECT 1 FROM delivery_attempt');
  expect(rows).toHaveLength(2);
});

/** Somebody who holds a table in a mode until the end of the transaction. */
async function holder(table: string, mode: string): Promise<{ release(): Promise<void> }> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query('BEGIN');
  await client.query(`LOCK TABLE ONLY ${table} IN ${mode} MODE`);
  return { release: () => client.query('COMMIT').then(() => client.end()) };
}

test('attempts are written while the dropping waits for a reader of the log, and it is done when the reader is', async () => {
  const old = await makeDay(-40);
  const reader = await holder('delivery_attempt', 'ACCESS SHARE');
  engine = await Engine.start(database);
  await eventually(async () => {
    const waits = `SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'delivery_attempt'::regclass`;
    expect((await sql.query(waits)).rowCount).toBe(1);
  });
  const startedAt = performance.now();
  await addAttempt(0);
  expect(performance.now() - startedAt).toBeLessThan(1_000);
  expect(await exists(old)).toBe(true);
  await reader.release();
  await eventually(async () => expect(await exists(old)).toBe(false));
});

test('a day that a vacuum holds is dropped when it is done, the other days meanwhile', async () => {
  const [held, other] = [await makeDay(-41), await makeDay(-40)];
  const vacuum = await holder(held, 'SHARE UPDATE EXCLUSIVE');
  engine = await Engine.start(database);
  await eventually(async () => expect(await exists(other)).toBe(false));
  expect(await exists(held)).toBe(true);
  await vacuum.release();
  await eventually(async () => expect(await exists(held)).toBe(false));
});

test('a day that attempts of a wrong clock are in already does not keep the others from being made', async () => {
  const [taken, free] = [await partitionOf(2), await partitionOf(3)];
  await sql.query(`DROP TABLE ${taken}, ${free}`);
  await addAttempt(2);
  engine = await Engine.start(database);
  await eventually(async () => expect(await exists(free)).toBe(true));
  expect(await exists(taken)).toBe(false);
  expect(await strays()).toBe(1);
});

test('tallies of attempts that the overview does not look back to are deleted', async () => {
  await sql.query(
    `INSERT INTO attempt_tally (minute, process_id, attempts, failed)
     SELECT date_trunc('minute', now()) - hours * interval '1 hour', $1, 1, 0 FROM unnest(ARRAY[1, 3, 48]) AS hours`,
    [newId()],
  );
  engine = await Engine.start(database);
  await eventually(async () => expect((await sql.query('SELECT 1 FROM attempt_tally')).rowCount).toBe(1));
});

test('a delivery outlives its attempts, and says that they are gone', async () => {
  engine = await Engine.start(database);
  const id = newId();
  await sql.query(
    `INSERT INTO delivery (id, tenant_id, event_id, subscription_id, event_type, status, attempt_count, next_attempt_at,
       created_at)
     VALUES ($1, $2, $3, $4, 'guestbook.entry.created', 'delivered', 2, NULL, now() - interval '60 days')`,
    [id, DEFAULT_TENANT_ID, newId(), newId()],
  );
  const read = (): ReturnType<DeliveryLog['get']> =>
    engine!.app.get(DeliveryLog).get(DEFAULT_TENANT_ID, toTypeId('dlv', id));
  expect(await read()).toMatchObject({
    attempts: [],
    attemptsNote: 'Attempts 1 to 2 are no longer in the log: attempts are kept for 30 days.',
  });
  await addAttempt(0, id, 1);
  await addAttempt(0, id, 2);
  expect(await read()).toMatchObject({ attempts: [{ number: 1 }, { number: 2 }], attemptsNote: null });
});
