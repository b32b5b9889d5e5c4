import { Logger } from '@nestjs/common';
import { mkdir, realpath } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '#libs/kernel';
import { findBinaries } from './binaries.js';
import { type Cluster, prepareCluster } from './cluster.js';
import { type DataDirLock, lockDataDir } from './data-dir-lock.js';
import { askToStop, type ServerProcess, signal } from './server-process.js';
import { startServer, urlOf } from './start-server.js';

const FAST_STOP_MS = 30_000;
const IMMEDIATE_STOP_MS = 5_000;
const RESTART_PAUSE_MS = 1_000;

export interface EmbeddedPostgresOptions {
  readonly dataDir: string;
  readonly logger?: Pick<Logger, 'log' | 'warn' | 'error'>;
}

/** A PostgreSQL of our own, kept running until it is told to stop. */
export interface EmbeddedPostgres {
  readonly url: string;
  /** Of the server that runs now; another one after a crash. */
  readonly pid: number;
  /** Ends its connections, waits until all is on disk, and gives the data directory free. */
  stop(): Promise<void>;
}

/**
 * Runs PostgreSQL on the data directory, which is made if it does not exist. A server that outlived its process is
 * taken over; one that crashes is started again on the same port. Two processes never share a data directory.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { logger = new Logger('EmbeddedPostgres') } = options;
  try {
    await mkdir(options.dataDir, { recursive: true, mode: 0o700 });
    const dataDir = await realpath(options.dataDir);
    const lock = await lockDataDir(dataDir);
    return await startLocked({ dataDir, lock, logger });
  } catch (error) {
    throw explained(error, options.dataDir);
  }
}

interface Supervision {
  readonly dataDir: string;
  readonly lock: DataDirLock;
  readonly logger: Pick<Logger, 'log' | 'warn' | 'error'>;
}

async function startLocked({ dataDir, lock, logger }: Supervision): Promise<EmbeddedPostgres> {
  try {
    const cluster = await prepareCluster(dataDir, await findBinaries());
    const server = await startServer(cluster, null);
    return new Supervisor(cluster, server, { dataDir, lock, logger });
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** A full disk or a missing right is the operator's to solve, in one line. */
function explained(error: unknown, dataDir: string): unknown {
  const { syscall } = error as NodeJS.ErrnoException;
  if (error instanceof AppError || syscall === undefined) return error;
  const message = `The data directory ${dataDir} cannot be used: ${(error as Error).message}`;
  return new AppError('unavailable', 'data_dir_unusable', message, { cause: error });
}

class Supervisor implements EmbeddedPostgres {
  readonly url: string;
  private stopping: Promise<void> | null = null;
  private isDown = false;
  private restarting: Promise<void> | null = null;
  private readonly supervised: Promise<void>;

  constructor(
    private readonly cluster: Cluster,
    private server: ServerProcess,
    private readonly supervision: Supervision,
  ) {
    this.url = urlOf(cluster, server.port);
    process.once('exit', this.onExit);
    this.supervised = this.supervise();
  }

  get pid(): number {
    return this.server.pid;
  }

  stop(): Promise<void> {
    this.stopping ??= this.stopOnce();
    return this.stopping;
  }

  /** However this process ends, short of SIGKILL, the server is told; it stops by itself. */
  private readonly onExit = (): void => {
    if (!this.isDown) signal(this.pid, 'SIGINT');
  };

  private async stopOnce(): Promise<void> {
    await this.restarting;
    if (!this.isDown) await this.endServer(this.server);
    await this.supervised;
    process.removeListener('exit', this.onExit);
    await this.supervision.lock.release();
  }

  private async endServer({ gone, pid }: ServerProcess): Promise<void> {
    await askToStop(this.cluster, pid, 'fast');
    if (await within(FAST_STOP_MS, gone)) return;
    await askToStop(this.cluster, pid, 'immediate');
    if (await within(IMMEDIATE_STOP_MS, gone)) return;
    signal(pid, 'SIGKILL');
  }

  private async supervise(): Promise<void> {
    for (;;) {
      await this.server.gone;
      this.isDown = true;
      if (this.stopping) return;
      this.supervision.logger.error('The embedded PostgreSQL ended unexpectedly; starting it again.');
      this.restarting = this.restart();
      await this.restarting;
      if (this.isDown) return;
    }
  }

  private async restart(): Promise<void> {
    while (!this.stopping) {
      try {
        this.server = await startServer(this.cluster, this.server.port);
        this.isDown = false;
        this.supervision.logger.log('The embedded PostgreSQL runs again.');
        return;
      } catch (error) {
        this.supervision.logger.error(error instanceof Error ? error.message : String(error));
        await pause(RESTART_PAUSE_MS);
      }
    }
  }
}

async function within(milliseconds: number, promise: Promise<void>): Promise<boolean> {
  const timer = new AbortController();
  const late = pause(milliseconds, false, { signal: timer.signal }).catch(() => false);
  return Promise.race([promise.then(() => true), late]).finally(() => timer.abort());
}
