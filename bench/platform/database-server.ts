import { randomBytes } from 'node:crypto';
import path from 'node:path';
import pg from 'pg';
import { migrate, startEmbeddedPostgres } from '#libs/database';
import { diesWithUs } from '../../test/support/dies-with-us.js';
import { statOf } from '../measure/proc.js';

const SILENT = { log: () => undefined, warn: () => undefined, error: () => undefined };

/** The PostgreSQL of the run, as durable as the product's: either its own, or the one of DATABASE_URL. */
export class DatabaseServer {
  private readonly made: string[] = [];

  private constructor(
    private readonly url: string,
    /** Of the postmaster; null if it runs on another machine. */
    readonly pid: number | null,
    private readonly end: () => Promise<void>,
  ) {}

  static async start(folder: string, givenUrl: string | undefined): Promise<DatabaseServer> {
    if (givenUrl) return new DatabaseServer(givenUrl, await postmasterOf(givenUrl), () => Promise.resolve());
    const server = await startEmbeddedPostgres({ dataDir: path.join(folder, 'data'), logger: SILENT });
    const release = diesWithUs(server.pid);
    return new DatabaseServer(server.url, server.pid, async () => {
      await server.stop();
      release();
    });
  }

  /** A database of its own that nothing has written to; `schema` says whether the platform's tables are in it. */
  async newDatabase(schema: 'platform' | 'none'): Promise<string> {
    const name = `bellhop_bench_${randomBytes(4).toString('hex')}`;
    await runSql(this.url, `CREATE DATABASE ${name}`);
    this.made.push(name);
    const url = new URL(this.url);
    url.pathname = `/${name}`;
    if (schema === 'platform') await migrate(url.href);
    return url.href;
  }

  async version(): Promise<string> {
    const [row] = await runSql<{ server_version: string }>(this.url, 'SHOW server_version');
    return row?.server_version ?? '';
  }

  /** Writes what is due to be written now, so that it does not fall into a measurement. */
  async checkpoint(): Promise<void> {
    await runSql(this.url, 'CHECKPOINT').catch(() => undefined);
  }

  async drop(databaseUrl: string): Promise<void> {
    const name = new URL(databaseUrl).pathname.slice(1);
    await runSql(this.url, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    this.made.splice(this.made.indexOf(name), 1);
  }

  async stop(): Promise<void> {
    for (const name of this.made) {
      await runSql(this.url, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`).catch(() => undefined);
    }
    await this.end();
  }
}

/** One statement on a connection of its own. */
export async function runSql<Row extends object>(
  url: string,
  sql: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url, application_name: 'bellhop bench' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Row>(sql, [...values])).rows;
  } finally {
    await client.end();
  }
}

/** A server's backend is a child of the postmaster, if both are on this machine and in our view of it. */
async function postmasterOf(url: string): Promise<number | null> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const stat = statOf(rows[0]?.pid ?? 0);
    return stat?.command.startsWith('postgres') ? stat.parent : null;
  } finally {
    await client.end();
  }
}
