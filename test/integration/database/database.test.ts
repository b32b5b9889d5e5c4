import { Test, type TestingModule } from '@nestjs/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DataSource } from 'typeorm';
import { ConfigModule } from '#libs/config';
import { Database, DatabaseModule, isTransientDatabaseError } from '#libs/database';
import { eventually } from '../../support/eventually.js';
import { testConfig } from '../../support/test-config.js';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';

let server: TestDatabase;
let app: TestingModule;
let database: Database;

beforeEach(async () => {
  server = await createTestDatabase();
  const config = testConfig({ DATABASE_URL: server.url, BELLHOP_DATABASE_CONNECTIONS: '6' });
  const builder = Test.createTestingModule({
    imports: [ConfigModule.forRoot(config), DatabaseModule.forRoot()],
  });
  app = await builder.compile();
  await app.init();
  database = app.get(Database);
  await database.query('CREATE TABLE note (text text UNIQUE)');
});
afterEach(async () => {
  await app.close();
  await server.drop();
});

const notes = (): Promise<{ text: string }[]> => database.query('SELECT text FROM note ORDER BY text');
const killOthers = (): Promise<unknown> =>
  database.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid()`,
  );

test('a transaction commits what its work did', async () => {
  const result = await database.transaction(async (client) => {
    await client.query('INSERT INTO note VALUES ($1)', ['one']);
    return 'done';
  });
  expect(result).toBe('done');
  expect(await notes()).toEqual([{ text: 'one' }]);
});

test('a transaction whose work throws leaves nothing behind and passes the error on', async () => {
  const fault = new Error('of the caller');
  const failing = database.transaction(async (client) => {
    await client.query('INSERT INTO note VALUES ($1)', ['one']);
    throw fault;
  });
  await expect(failing).rejects.toBe(fault);
  expect(await notes()).toEqual([]);
});

test('a transaction is never called done when a failed statement in it was swallowed', async () => {
  const work = database.transaction(async (client) => {
    await client.query('INSERT INTO note VALUES ($1)', ['one']);
    await client.query('INSERT INTO note VALUES ($1)', ['one']).catch(() => undefined);
  });
  await expect(work).rejects.toThrow(/rolled back/);
  expect(await notes()).toEqual([]);
});

test('a failing statement keeps the code and the constraint of PostgreSQL', async () => {
  await database.query('INSERT INTO note VALUES ($1)', ['one']);
  const again = database.query('INSERT INTO note VALUES ($1)', ['one']);
  await expect(again).rejects.toMatchObject({ code: '23505', constraint: 'note_text_key' });
});

test('a connection that is killed inside a transaction fails that transaction and no other', async () => {
  const victim = database.transaction(async (client) => {
    const [row] = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    await database.query('SELECT pg_terminate_backend($1, 5000)', [row?.pid]);
    await client.query('SELECT 1');
  });
  const error: unknown = await victim.catch((reason: unknown) => reason);
  expect(isTransientDatabaseError(error)).toBe(true);
  expect(await database.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test('both pools survive the death of all their idle connections', async () => {
  const orm = app.get(DataSource);
  await Promise.all([orm.query('SELECT 1'), database.query('SELECT 1'), database.query('SELECT 1')]);
  await killOthers();
  await eventually(async () => {
    expect(await orm.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(await notes()).toEqual([]);
  });
});

test('a listener hears what is notified, and is called with an empty payload after its connection was lost', async () => {
  const heard: string[] = [];
  await database.listen('notes', (payload) => heard.push(payload));
  await database.query(`SELECT pg_notify('notes', 'first')`);
  await eventually(() => expect(heard).toEqual(['first']));

  await killOthers();
  await eventually(() => expect(heard).toEqual(['first', '']));
  await database.query(`SELECT pg_notify('notes', 'second')`);
  await eventually(() => expect(heard).toEqual(['first', '', 'second']));
});

test('channels that are listened to at the same moment are all heard', async () => {
  const heard: string[] = [];
  const channels = ['one', 'two', 'three'];
  await Promise.all(channels.map((channel) => database.listen(channel, () => heard.push(channel))));
  for (const channel of channels) await database.query(`SELECT pg_notify($1, '')`, [channel]);
  await eventually(() => expect(heard).toEqual(channels));
});

test('a fault of one listener does not keep the others from hearing', async () => {
  const heard: string[] = [];
  await database.listen('notes', () => {
    throw new Error('of a listener');
  });
  await database.listen('notes', (payload) => heard.push(payload));
  await database.query(`SELECT pg_notify('notes', 'first')`);
  await eventually(() => expect(heard).toEqual(['first']));
});

test('statements are planned for their values and may not run for ever', async () => {
  const [row] = await database.query(
    `SELECT current_setting('plan_cache_mode') AS plans, current_setting('statement_timeout') AS statement,
            current_setting('idle_in_transaction_session_timeout') AS idle`,
  );
  expect(row).toEqual({ plans: 'force_custom_plan', statement: '30s', idle: '30s' });
});

test('one process opens no more connections than it may', async () => {
  const orm = app.get(DataSource);
  await database.listen('notes', () => undefined);
  await Promise.all(
    Array.from({ length: 12 }, () => [database.query('SELECT 1'), orm.query('SELECT 1')]).flat(),
  );
  const [row] = await database.query<{ open: number }>(
    'SELECT count(*)::int AS open FROM pg_stat_activity WHERE datname = current_database()',
  );
  expect(row?.open).toBeLessThanOrEqual(6);
});

test('it is ready while PostgreSQL answers', async () => {
  expect(await database.isReady()).toBe(true);
});
