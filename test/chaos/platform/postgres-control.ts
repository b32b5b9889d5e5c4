import pg from 'pg';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { eventually } from '../../support/eventually.js';
import { withDescendants } from '../../support/platform/descendants.js';

/** The PostgreSQL under a platform, to be ill-treated. */
export interface PostgresControl {
  /** Of the postmaster; 0 while it is down. */
  pid(): Promise<number>;
  /** Of a backend that serves the platform, killed with SIGKILL: the postmaster ends all others and recovers. */
  killBackend(): Promise<void>;
  /** The postmaster. In the embedded mode the platform starts it again by itself, elsewhere `start` does. */
  kill9(): Promise<void>;
  /** As an operator would: its clients are told. In the embedded mode it comes back by itself. */
  stop(): Promise<void>;
  /** Resolves when it takes connections. */
  start(): Promise<void>;
  /** The server with all its backends stands still, and every connection to it stays open. */
  freeze(): Promise<void>;
  thaw(): Promise<void>;
}

/** SQL on connections of the harness's own, repeated while the server is away. */
export class Sql {
  private readonly pool: pg.Pool;

  constructor(
    private readonly url: string,
    max = 2,
  ) {
    this.pool = new pg.Pool({ connectionString: url, max, application_name: 'chaos' });
    this.pool.on('error', () => undefined);
    this.pool.on('connect', (client) => client.on('error', () => undefined));
  }

  async query<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    return (await this.pool.query<Row>(text, [...values])).rows;
  }

  /** For statements that may run twice. */
  async read<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    return eventually(() => this.query<Row>(text, values), { timeoutMs: 20_000, everyMs: 100 });
  }

  /** On one connection; rolled back if `work` throws. */
  async transaction(work: (client: pg.PoolClient) => Promise<void>): Promise<void> {
    const client = await this.pool.connect();
    try {
      await client.query('BEGIN');
      await work(client);
      await client.query('COMMIT');
    } catch (error) {
      await client.query('ROLLBACK').catch(() => undefined);
      throw error;
    } finally {
      client.release();
    }
  }

  /** The same database on so many connections at once; whoever asks for it ends it. */
  wider(connections: number): Sql {
    return new Sql(this.url, connections);
  }

  /** Takes every connection that the server has left, and gives them back when it is told to. */
  async takeAllConnections(): Promise<() => Promise<void>> {
    const taken: pg.Client[] = [];
    const takeOne = async (): Promise<boolean> => {
      const client = new pg.Client({ connectionString: this.url, application_name: 'chaos hoard' });
      client.on('error', () => undefined);
      try {
        await client.connect();
        taken.push(client);
        return true;
      } catch {
        return false;
      }
    };
    while ((await Promise.all(Array.from({ length: 10 }, takeOne))).every(Boolean));
    return async () => void (await Promise.all(taken.map((client) => client.end())));
  }

  async end(): Promise<void> {
    await this.pool.end();
  }
}

/** What both kinds of server have in common: everything that goes by their process numbers. */
export abstract class ServerByPid implements PostgresControl {
  private frozen: readonly number[] = [];

  abstract pid(): Promise<number>;
  abstract start(): Promise<void>;
  protected abstract readonly sql: () => Sql;

  async killBackend(): Promise<void> {
    const [row] = await this.sql().read<{ pid: number }>(
      `SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'bellhop%' ORDER BY random() LIMIT 1`,
    );
    if (row !== undefined) process.kill(row.pid, 'SIGKILL');
  }

  async kill9(): Promise<void> {
    await this.endBy('SIGKILL');
  }

  async stop(): Promise<void> {
    await this.endBy('SIGINT');
  }

  async freeze(): Promise<void> {
    const pid = await this.pid();
    if (pid === 0) return;
    // The postmaster first, or it would notice.
    this.frozen = await withDescendants(pid);
    for (const pid of this.frozen) signal(pid, 'SIGSTOP');
  }

  async thaw(): Promise<void> {
    for (const pid of this.frozen.toReversed()) signal(pid, 'SIGCONT');
    this.frozen = [];
    await this.start();
  }

  private async endBy(how: 'SIGKILL' | 'SIGINT'): Promise<void> {
    const pid = await this.pid();
    if (pid === 0) return;
    signal(pid, how);
    await eventually(() => {
      if (signal(pid, 0)) throw new Error(`PostgreSQL (${pid}) did not end`);
    });
  }
}

/** The embedded server of a data directory, which its platform starts again whenever it ends. */
export class EmbeddedControl extends ServerByPid {
  constructor(
    private readonly dataDir: string,
    protected override readonly sql: () => Sql,
  ) {
    super();
  }

  override async pid(): Promise<number> {
    const file = path.join(this.dataDir, 'postgres', 'postmaster.pid');
    const text = await readFile(file, 'utf8').catch(() => '');
    return Number(text.split('\n')[0]) || 0;
  }

  override async start(): Promise<void> {
    await this.sql().read('SELECT 1');
  }
}

/** False if there is no such process (any more). */
export function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}
