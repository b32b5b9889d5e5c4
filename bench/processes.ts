import { type ChildProcess, execFile, fork, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
const STANDALONE = here('../apps/standalone/src/main.js');
export const BENCH_KEY = 'bench-admin-key-0123456789-0123456789';

export interface Sink {
  readonly url: string;
  stats(): Promise<{ total: number; unique: number }>;
  reset(): Promise<void>;
  stop(): void;
}

export async function startSink(): Promise<Sink> {
  const child = fork(here('./sink.js'));
  const { port } = await new Promise<{ port: number }>((resolve) =>
    child.once('message', resolve as () => void),
  );
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    stats: async () => (await (await fetch(`${url}/stats`)).json()) as { total: number; unique: number },
    reset: async () => void (await fetch(`${url}/reset`, { method: 'POST' })),
    stop: () => child.disconnect(),
  };
}

export interface BareResult {
  readonly sent: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
}

/** Runs the bare sender as a process of its own. */
export async function runBare(url: string, runMs: number): Promise<BareResult> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    here('./bare-sender.js'),
    url,
    String(runMs),
  ]);
  return JSON.parse(stdout) as BareResult;
}

export interface Platform {
  readonly url: string;
  readonly pid: number;
  readonly databasePid: number | null;
  stop(): Promise<void>;
}

/** The built platform with the settings of this environment, in a data folder of its own. */
export async function startPlatform(port: number): Promise<Platform> {
  const dataDir = mkdtempSync(join(tmpdir(), 'bellhop-bench-'));
  const env = {
    ...process.env,
    PORT: String(port),
    DATA_DIR: dataDir,
    BELLHOP_ADMIN_KEY: BENCH_KEY,
    LOG_LEVEL: 'warn',
  };
  const child = spawn(process.execPath, [STANDALONE], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  const url = `http://127.0.0.1:${port}`;
  await untilReady(child, url);
  return {
    url,
    pid: child.pid ?? 0,
    databasePid: embeddedPid(dataDir),
    stop: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function untilReady(child: ChildProcess, url: string): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline && child.exitCode === null) {
    const response = await fetch(`${url}/health/ready`).catch(() => null);
    if (response?.status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  child.kill('SIGKILL');
  throw new Error(`the platform at ${url} did not become ready`);
}

/** The postmaster runs in a process group of its own, so it is found by its pid file. */
function embeddedPid(dataDir: string): number | null {
  const file = readdirSync(dataDir, { recursive: true, encoding: 'utf8' }).find((name) =>
    name.endsWith('postmaster.pid'),
  );
  return file === undefined ? null : Number(readFileSync(join(dataDir, file), 'utf8').split('\n')[0]);
}
