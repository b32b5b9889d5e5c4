import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bytesArray, textArray } from '#libs/database';
import { createEmptyDatabase, type TestDatabase } from '../../support/test-database.js';

let database: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  database = await createEmptyDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

test('any texts and bytes come back from PostgreSQL as they went', async () => {
  const text = fc.option(fc.string({ unit: 'grapheme' }).filter((value) => !value.includes('\0')));
  const bytes = fc.option(fc.uint8Array().map((value) => Buffer.from(value)));
  const property = fc.asyncProperty(fc.array(text), fc.array(bytes), async (texts, buffers) => {
    const { rows } = await client.query<{ texts: unknown; buffers: unknown }>(
      'SELECT $1::text[] AS texts, $2::bytea[] AS buffers',
      [textArray(texts), bytesArray(buffers)],
    );
    expect(rows[0]).toEqual({ texts, buffers });
  });
  await fc.assert(property, { numRuns: 50 });
});
