import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { AppError } from '#libs/kernel';
import { migrations } from './migrations/index.js';

/** Any number that no other advisory lock of ours uses; held by whoever migrates. */
const MIGRATION_LOCK = 4_207_849_001;
const OLDEST_SERVER = 150_000;
const SERVER_START_MS = 30_000;

/**
 * Brings the schema to this version of the code. Safe to call from many processes at once: one migrates, the others
 * wait and find nothing to do. A migration that fails leaves no trace, each runs in its own transaction.
 */
export async function migrate(url: string): Promise<void> {
  const holder = await connectPatiently(url);
  try {
    await refuseOldServer(holder);
    await holder.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await runMigrations(url);
  } finally {
    await holder.end().catch(() => undefined);
  }
}

/** A server that still reads its log after a crash says so, and will be there; one that does not answer is an error. */
async function connectPatiently(url: string, deadline = Date.now() + SERVER_START_MS): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'bellhop migrate',
    keepAlive: true,
  });
  // A lost connection shows in the next statement; without a listener it would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return client;
  } catch (error) {
    if (!isStarting(error) || Date.now() > deadline) throw error;
  }
  await pause(250);
  return connectPatiently(url, deadline);
}

function isStarting(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === '57P03';
}

async function refuseOldServer(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ version: string; number: number }>(
    `SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int AS number`,
  );
  const server = rows[0];
  if (server && server.number < OLDEST_SERVER) {
    throw new AppError(
      'unavailable',
      'database_too_old',
      `Bellhop needs PostgreSQL 15 or newer; DATABASE_URL leads to version ${server.version}.`,
    );
  }
}

async function runMigrations(url: string): Promise<void> {
  const dataSource = new DataSource({
    type: 'postgres',
    url,
    applicationName: 'bellhop migrate',
    poolSize: 1,
    installExtensions: false,
    migrations: [...migrations],
    migrationsTableName: 'schema_migration',
    migrationsTransactionMode: 'each',
  });
  await dataSource.initialize();
  try {
    await dataSource.runMigrations();
  } finally {
    await dataSource.destroy();
  }
}
