import { randomBytes } from 'node:crypto';
import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { promisify } from 'node:util';
import { findBinaries } from '../../../libs/database/src/embedded/binaries.js';
import { type Cluster, prepareCluster } from '../../../libs/database/src/embedded/cluster.js';
import type { ServerProcess } from '../../../libs/database/src/embedded/server-process.js';
import { startServer, urlOf } from '../../../libs/database/src/embedded/start-server.js';
import { diesWithUs } from '../../support/dies-with-us.js';
import { freePort } from '../../support/free-port.js';
import { ServerByPid, signal, Sql } from './postgres-control.js';

/** A PostgreSQL of the run's own, as durable as the product's; nobody starts it again but us. */
export class PostgresServer extends ServerByPid {
  private server: ServerProcess | null = null;
  private release: () => void = () => undefined;
  protected override readonly sql = (): Sql => this.admin;

  private constructor(
    private cluster: Cluster,
    private readonly port: number,
    private readonly admin: Sql,
  ) {
    super();
  }

  static async create(dataDir: string): Promise<PostgresServer> {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    const cluster = await prepareCluster(dataDir, await findBinaries());
    const port = await freePort();
    const server = new PostgresServer(cluster, port, new Sql(urlOf(cluster, port)));
    await server.start();
    return server;
  }

  override pid(): Promise<number> {
    return Promise.resolve(this.isRunning ? (this.server?.pid ?? 0) : 0);
  }

  override async start(): Promise<void> {
    if (!this.isRunning) {
      this.release();
      this.server = await startServer(this.cluster, this.port);
      this.release = diesWithUs(this.server.pid);
    }
    await this.admin.read('SELECT 1');
  }

  /** The server stops for good; a copy of its data in another directory is promoted, and takes its address. */
  async failOver(dataDir: string): Promise<void> {
    await this.stop();
    await promisify(execFile)('cp', ['-a', this.cluster.dataDir, dataDir]);
    this.cluster = await prepareCluster(dataDir, await findBinaries());
    await this.start();
  }

  /** Empty, and nobody else's. */
  async newDatabase(): Promise<string> {
    const name = `chaos_${randomBytes(6).toString('hex')}`;
    await this.admin.read(`CREATE DATABASE ${name}`);
    const url = new URL(urlOf(this.cluster, this.port));
    url.pathname = `/${name}`;
    return url.href;
  }

  async drop(url: string): Promise<void> {
    const name = new URL(url).pathname.slice(1);
    await this.admin.read(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  }

  async end(): Promise<void> {
    await this.thaw().catch(() => undefined);
    await this.admin.end();
    await this.stop();
    this.release();
  }

  private get isRunning(): boolean {
    return this.server !== null && signal(this.server.pid, 0);
  }
}
