import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { eventually } from './eventually.js';

export interface TestDatabase {
  readonly url: string;
  /** Removes it. Rejects if a connection to it is still open: whoever opened it forgot to close it. */
  drop(): Promise<void>;
}

/** A migrated, empty database of the caller's own, copied from the run's template in some 30 ms. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const template = required('TEST_DATABASE_TEMPLATE');
  const name = `${template}_${randomBytes(6).toString('hex')}`;
  await asAdmin(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  return { url: urlOf(name), drop: () => dropUnused(name) };
}

/** A database without any tables, for tests of the migrations themselves. */
export async function createEmptyDatabase(): Promise<TestDatabase> {
  const name = `${required('TEST_DATABASE_TEMPLATE')}_${randomBytes(6).toString('hex')}`;
  await asAdmin(`CREATE DATABASE ${name} TEMPLATE template0`);
  return { url: urlOf(name), drop: () => dropUnused(name) };
}

/** The leak check: a pool that nobody closed shows here, under the name that it gave itself. */
async function dropUnused(name: string): Promise<void> {
  const probe = async (): Promise<void> => {
    const open = await asAdmin<{ application_name: string }>(
      'SELECT application_name FROM pg_stat_activity WHERE datname = $1',
      [name],
    );
    const names = open.map(({ application_name }) => application_name || 'without a name');
    if (open.length > 0) throw new Error(`connections left open: ${names.join(', ')}`);
  };
  try {
    await eventually(probe, { timeoutMs: 3_000, everyMs: 50 });
  } finally {
    await dropDatabase(name);
  }
}

/** Removes it whoever uses it; a test may do so to see what the users of a vanished database do. */
export async function dropDatabase(name: string): Promise<void> {
  await asAdmin(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
}

/** Runs one statement on the server that the tests use, outside of any test's database. */
export async function asAdmin<Row extends object = object>(
  statement: string,
  values: unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: required('TEST_DATABASE_URL') });
  await client.connect();
  try {
    return (await client.query<Row>(statement, values)).rows;
  } finally {
    await client.end();
  }
}

export function urlOf(database: string): string {
  const url = new URL(required('TEST_DATABASE_URL'));
  url.pathname = `/${database}`;
  return url.href;
}

function required(name: 'TEST_DATABASE_URL' | 'TEST_DATABASE_TEMPLATE'): string {
  const value = process.env[name];
  if (value) return value;
  throw new Error(`${name} is not set: run this file in a vitest project that has the service "postgres"`);
}
