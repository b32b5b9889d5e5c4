import { randomBytes } from 'node:crypto';
import { migrate } from '#libs/database';
import { startTestServer } from './test-server.js';
import { asAdmin, dropDatabase, urlOf } from './test-database.js';

/**
 * Vitest global setup: one PostgreSQL and one migrated template database for the whole run.
 * Several projects name this file; whichever comes first does the work, and undoes it at the end.
 */
export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env.TEST_DATABASE_TEMPLATE) return undefined;
  const server = process.env.TEST_DATABASE_URL ? null : await startTestServer();
  if (server) process.env.TEST_DATABASE_URL = server.url;
  const template = `bellhop_test_${randomBytes(4).toString('hex')}`;
  await asAdmin(`CREATE DATABASE ${template} TEMPLATE template0`);
  await migrate(urlOf(template));
  process.env.TEST_DATABASE_TEMPLATE = template;
  return async () => {
    delete process.env.TEST_DATABASE_TEMPLATE;
    if (!server) return dropAll(template);
    delete process.env.TEST_DATABASE_URL;
    await server.stop();
  };
}

/** On a server that outlives the run nothing of it stays behind, not even what a crashed test left. */
async function dropAll(template: string): Promise<void> {
  const rows = await asAdmin<{ datname: string }>('SELECT datname FROM pg_database WHERE datname LIKE $1', [
    `${template}%`,
  ]);
  for (const { datname } of rows) await dropDatabase(datname);
}
