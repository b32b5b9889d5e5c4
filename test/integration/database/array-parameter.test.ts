import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { arrayOf, type ElementType } from '#libs/database';
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

const text = fc.string({ unit: 'grapheme' }).filter((value) => !value.includes('\0'));
/** -0 is 0 to a reader of text; what is no number has no place in any of our columns. */
const double = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);

test.each([
  ['uuid', fc.uuid()],
  ['int', fc.integer()],
  ['smallint', fc.integer({ min: -32_768, max: 32_767 })],
  ['bigint', fc.maxSafeInteger()],
  ['real', fc.integer({ min: -1_000_000, max: 1_000_000 })],
  ['float8', double],
  ['boolean', fc.boolean()],
  ['text', text],
  ['bytea', fc.uint8Array().map((value) => Buffer.from(value))],
] satisfies [ElementType, fc.Arbitrary<unknown>][])(
  'any array of %s comes to PostgreSQL as it went, whatever is null in it',
  async (type, values) => {
    const property = fc.asyncProperty(fc.array(fc.option(values as fc.Arbitrary<never>)), async (sent) => {
      const { rows } = await client.query<{ came: unknown[] }>(`SELECT $1::${type}[] AS came`, [
        arrayOf(type, sent),
      ]);
      // The driver reads a bigint as text, since it may be larger than a number can hold.
      const came = rows[0]?.came.map((value) =>
        type === 'bigint' && value !== null ? Number(value) : value,
      );
      expect(came).toEqual(sent);
    });
    await fc.assert(property, { numRuns: 50 });
  },
);

test('JSON comes as the text that it was', async () => {
  const sent = ['{"a": 1}', null, '[]'];
  const { rows } = await client.query<{ came: unknown }>('SELECT $1::json[]::text[] AS came', [
    arrayOf('json', sent),
  ]);
  expect(rows[0]?.came).toEqual(sent);
});

test('an array of another type than the statement names is refused', async () => {
  await expect(client.query('SELECT $1::text[]', [arrayOf('uuid', [])])).rejects.toThrow(
    'instead of expected 25 (text)',
  );
});
