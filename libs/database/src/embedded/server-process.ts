import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { open, readFile, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Cluster } from './cluster.js';
import { commandLine } from './launcher.js';
import { livingProcess } from './living-process.js';
import { readIfThere } from './private-file.js';

const run = promisify(execFile);
const LOG_LIMIT_BYTES = 5 * 1024 * 1024;
const LOOK_EVERY_MS = 250;
/** Reachable from this machine alone, with a password; English messages, since we read some of them. */
const SETTINGS = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'lc_messages=C',
  'timezone=UTC',
  'log_timezone=UTC',
  'max_connections=210',
  // Fewer checkpoints: after each one every page that changes is written to the log as a whole.
  'max_wal_size=2GB',
  'checkpoint_timeout=15min',
  // Random reads cost little on the disks of today, and compiling a statement more than running it.
  'random_page_cost=1.1',
  'jit=off',
];

/** A running server, whether we started it or found it. */
export interface ServerProcess {
  readonly pid: number;
  readonly port: number;
  /** Started by this process, not found. */
  readonly isOurs: boolean;
  /** Resolves when the process is gone. */
  readonly gone: Promise<void>;
  /** What it wrote since it was started, the last lines only. */
  lastWords(): Promise<string>;
}

/**
 * Starts a server, in a session of its own: Ctrl-C in the terminal goes to everyone in ours, and the database must be
 * the last to stop. It writes to a file, since a pipe to us would break when we are killed.
 */
export async function spawnServer(cluster: Cluster, port: number): Promise<ServerProcess> {
  const logFile = path.join(cluster.dataDir, 'postgres.log');
  const log = await open(logFile, 'a', 0o600);
  try {
    if ((await log.stat()).size > LOG_LIMIT_BYTES) await truncate(logFile);
    const { size } = await log.stat();
    const { file, args, options } = commandLine(
      cluster.launcher,
      cluster.binaries.postgres,
      settings(cluster, port),
    );
    const child = spawn(file, args, { ...options, detached: true, stdio: ['ignore', log.fd, log.fd] });
    const gone = goneOf(child);
    child.unref();
    const lastWords = async (): Promise<string> =>
      (await readFile(logFile)).subarray(size).toString().slice(-2_000);
    return { pid: child.pid ?? 0, port, isOurs: true, gone, lastWords };
  } finally {
    await log.close();
  }
}

function settings(cluster: Cluster, port: number): string[] {
  return ['-D', cluster.folder, ...[...SETTINGS, `port=${port}`].flatMap((value) => ['-c', value])];
}

function goneOf(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
}

/** A server that outlived the process which started it. */
export function adoptServer(pid: number, port: number): ServerProcess {
  const watch = async (): Promise<void> => {
    while (await livingProcess(pid)) await pause(LOOK_EVERY_MS, undefined, { ref: false });
  };
  return { pid, port, isOurs: false, gone: watch(), lastWords: () => Promise.resolve('') };
}

/** Asks the server to stop; 'fast' ends its connections, 'immediate' leaves the rest to recovery at the next start. */
export async function askToStop(cluster: Cluster, pid: number, how: 'fast' | 'immediate'): Promise<void> {
  if (process.platform === 'win32') {
    await run(cluster.binaries.pgCtl, ['stop', '-D', cluster.folder, '-m', how, '-W']).catch(() => undefined);
    return;
  }
  signal(pid, how === 'fast' ? 'SIGINT' : 'SIGQUIT');
}

export function signal(pid: number, name: 'SIGINT' | 'SIGQUIT' | 'SIGKILL'): void {
  if (pid <= 0) return;
  try {
    process.kill(pid, name);
  } catch {
    // It is gone already, which is what the signal is for.
  }
}

/** The same port at every start if it is free, so that what people noted down stays true. */
export async function choosePort(dataDir: string): Promise<number> {
  const file = path.join(dataDir, 'postgres-port');
  const remembered = Number(await readIfThere(file));
  if (remembered > 0 && (await bind(remembered).catch(() => 0))) return remembered;
  const port = await bind(0);
  await writeFile(file, `${port}\n`, { mode: 0o600 });
  return port;
}

async function bind(port: number): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
