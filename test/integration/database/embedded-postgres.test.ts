import { execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { embeddedKeyring, type EmbeddedPostgres, startEmbeddedPostgres } from '#libs/database';
import { eventually } from '../../support/eventually.js';

const run = promisify(execFile);
const quiet = { log: () => undefined, warn: () => undefined, error: () => undefined };

let folder: string;
let running: EmbeddedPostgres[] = [];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'bellhop-embedded-'));
});
afterEach(async () => {
  await Promise.all(running.map((server) => server.stop()));
  running = [];
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function start(dataDir = path.join(folder, 'data')): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDir, logger: quiet });
  running.push(server);
  return server;
}

async function query<R>(url: string, text: string): Promise<R[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(text)).rows as R[];
  } finally {
    await client.end();
  }
}

async function isRunning(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return status !== '' && !/\) [ZX] /.test(status);
}

/** Runs a platform that is killed at once; its server goes on. */
async function makeOrphan(dataDir: string): Promise<{ pid: number; url: string }> {
  const script = path.resolve('test/integration/database/orphan-maker.mjs');
  const killed = await run(process.execPath, [script, dataDir]).catch((error: unknown) => error);
  return JSON.parse((killed as { stdout: string }).stdout) as { pid: number; url: string };
}

/** A process that ended at once, and that nobody collects as long as the shell around it sleeps. */
async function makeZombie(): Promise<{ pid: number; end: () => void }> {
  const parent = spawn('sh', ['-c', 'sleep 0.2 & echo $!; exec sleep 60'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const pid = await new Promise<number>((resolve) =>
    parent.stdout.once('data', (text) => resolve(Number(text))),
  );
  await eventually(async () => expect(await readFile(`/proc/${pid}/stat`, 'utf8')).toMatch(/\) Z /));
  return { pid, end: () => parent.kill('SIGKILL') };
}

test('the first start makes a database that only its owner can open, and data survives a restart', async () => {
  const first = await start();
  await query(first.url, 'CREATE TABLE kept (n int); INSERT INTO kept VALUES (1)');
  await first.stop();
  expect(await isRunning(first.pid)).toBe(false);

  const second = await start();
  expect(await query(second.url, 'SELECT n FROM kept')).toEqual([{ n: 1 }]);
  expect(second.url, 'the port and the password stay').toBe(first.url);
  const secrets = await stat(path.join(folder, 'data', 'postgres-password'));
  expect(secrets.mode & 0o777).toBe(0o600);
  await expect(query(second.url.replace(/:[^:@]+@/, ':wrong@'), 'SELECT 1')).rejects.toMatchObject({
    code: '28P01',
  });
});

test('a server that is killed comes back on the same port with all that was committed', async () => {
  const server = await start();
  await query(server.url, 'CREATE TABLE committed AS SELECT 1 AS n');
  const before = server.pid;
  process.kill(before, 'SIGKILL');
  await eventually(() => expect(server.pid).not.toBe(before));
  await eventually(async () =>
    expect(await query(server.url, 'SELECT n FROM committed')).toEqual([{ n: 1 }]),
  );
});

test('Ctrl-C in the terminal does not reach the server', async () => {
  const { pid } = await start();
  const status = await readFile(`/proc/${pid}/stat`, 'utf8');
  const [, , processGroup] = status.slice(status.lastIndexOf(')') + 2).split(' ');
  expect(Number(processGroup)).toBe(pid);
});

test('a second platform on the same folder is refused and does not disturb the first', async () => {
  const first = await start();
  await expect(start()).rejects.toMatchObject({
    code: 'data_dir_in_use',
    message: expect.stringMatching(/DATA_DIR/),
  });
  expect(await query(first.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test('a server that outlived its platform is taken over', async () => {
  const dataDir = path.join(folder, 'orphan');
  const { pid, url } = await makeOrphan(dataDir);
  expect(await isRunning(pid)).toBe(true);

  const adopted = await start(dataDir);
  expect(adopted).toMatchObject({ pid, url });
  expect(await query(adopted.url, 'SELECT n FROM of_orphan')).toEqual([{ n: 1 }]);
  await adopted.stop();
  expect(await isRunning(pid)).toBe(false);
});

test('lock files that name a zombie, or a stranger with the number of a dead server, are no obstacle', async () => {
  await (await start()).stop();
  const zombie = await makeZombie();
  const lockFile = path.join(folder, 'data', 'postgres', 'postmaster.pid');
  try {
    for (const pid of [zombie.pid, process.pid]) {
      await writeFile(lockFile, `${pid}\n${path.dirname(lockFile)}\n1700000000\n1\n\n127.0.0.1\n`);
      const server = await start();
      expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
      await server.stop();
    }
  } finally {
    zombie.end();
  }
});

test('a lock of a process that is gone, or has another start, is taken over at once', async () => {
  const server = await start();
  const file = path.join(folder, 'data', 'bellhop.lock');
  const own = JSON.parse(await readFile(file, 'utf8')) as { startedAt: string };
  await server.stop();
  await writeFile(file, JSON.stringify({ ...own, startedAt: '1' }));
  await (await start()).stop();
  await expect(stat(file)).rejects.toMatchObject({ code: 'ENOENT' });
});

test('a lock of another machine holds as long as its owner keeps it fresh', async () => {
  const file = path.join(folder, 'data', 'bellhop.lock');
  await writeFile(file, JSON.stringify({ pid: 1, startedAt: '1', machine: 'another', token: 'x' }));
  const beat = setInterval(() => void utimes(file, new Date(), new Date()), 500);
  await expect(start()).rejects.toMatchObject({ code: 'data_dir_in_use' });
  clearInterval(beat);
  await start();
});

test('an interrupted making of the database is done again', async () => {
  const dataDir = path.join(folder, 'interrupted');
  await mkdir(path.join(dataDir, 'postgres.new', 'base'), { recursive: true });
  await mkdir(path.join(dataDir, 'postgres', 'base'), { recursive: true });
  await writeFile(path.join(dataDir, 'postgres', 'PG_VERSION'), '18\n');
  const server = await start(dataDir);
  expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test('a folder that was a database and is damaged is left alone', async () => {
  const dataDir = path.join(folder, 'damaged');
  await mkdir(path.join(dataDir, 'postgres'), { recursive: true });
  await writeFile(path.join(dataDir, 'postgres', 'postmaster.opts'), 'postgres');
  await expect(start(dataDir)).rejects.toMatchObject({ code: 'data_dir_damaged' });
  expect(await readFile(path.join(dataDir, 'postgres', 'postmaster.opts'), 'utf8')).toBe('postgres');
});

test('a database of another version is refused with what to do', async () => {
  await (await start()).stop();
  const file = path.join(folder, 'data', 'postgres', 'PG_VERSION');
  await writeFile(file, '17\n');
  await expect(start()).rejects.toMatchObject({
    code: 'data_dir_version',
    message: expect.stringMatching(/17.*18/s),
  });
  await writeFile(file, '18\n');
});

test('a data directory that cannot be one is refused in one line', async () => {
  const file = path.join(folder, 'a-file');
  await writeFile(file, '');
  await expect(start(file)).rejects.toMatchObject({
    code: 'data_dir_unusable',
    message: expect.stringMatching(/EEXIST/),
  });
});

test('the keys for secrets at rest are made once and only their owner can read them', async () => {
  const dataDir = path.join(folder, 'keys');
  const [first, second] = await Promise.all([embeddedKeyring(dataDir), embeddedKeyring(dataDir)]);
  expect(first).toMatch(/^k1:[A-Za-z0-9+/]{43}=$/);
  expect([second, await embeddedKeyring(dataDir)]).toEqual([first, first]);
  expect((await stat(path.join(dataDir, 'secret-keys'))).mode & 0o777).toBe(0o600);
});
