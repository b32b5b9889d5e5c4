import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';

let mine: TestDatabase;
let other: TestDatabase;

beforeAll(async () => {
  [mine, other] = await Promise.all([createTestDatabase(), createTestDatabase()]);
});
afterAll(async () => {
  await Promise.all([mine.drop(), other.drop()]);
});

test('each test file gets a migrated database that no other file sees', async () => {
  await query(mine, `INSERT INTO tenant (id, name) VALUES (gen_random_uuid(), 'seen by one')`);
  expect(await query(mine, 'SELECT count(*)::int AS n FROM tenant')).toEqual([{ n: 2 }]);
  expect(await query(other, 'SELECT count(*)::int AS n FROM tenant')).toEqual([{ n: 1 }]);
});

async function query(database: TestDatabase, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const { rows } = await client.query(text);
  await client.end();
  return rows as unknown[];
}
