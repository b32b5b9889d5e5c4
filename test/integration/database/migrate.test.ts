import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { migrate } from '#libs/database';
import { createEmptyDatabase, type TestDatabase } from '../../support/test-database.js';

let server: TestDatabase;

beforeEach(async () => {
  server = await createEmptyDatabase();
});
afterEach(() => server.drop());

test('several processes that migrate at once leave one schema, and a later run changes nothing', async () => {
  await Promise.all(Array.from({ length: 4 }, () => migrate(server.url)));
  await migrate(server.url);
  const rows = await query<{ name: string; runs: number }>(
    'SELECT name, count(*)::int AS runs FROM schema_migration GROUP BY name ORDER BY name',
  );
  expect(rows.map((row) => row.runs)).toEqual(rows.map(() => 1));
  expect(rows.map((row) => row.name)).toContain('Platform1763000000000');
});

test('a database that cannot be reached is an error that says so', async () => {
  await expect(migrate('postgres://nobody:wrong@127.0.0.1:1/none')).rejects.toMatchObject({
    code: 'ECONNREFUSED',
  });
});

async function query<R>(text: string): Promise<R[]> {
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  try {
    return (await client.query(text)).rows as R[];
  } finally {
    await client.end();
  }
}
