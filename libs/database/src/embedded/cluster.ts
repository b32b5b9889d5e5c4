import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { access, chown, mkdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { AppError } from '#libs/kernel';
import type { Binaries } from './binaries.js';
import { chooseLauncher, commandLine, handOver, type Launcher } from './launcher.js';
import { readIfThere, readOrCreatePrivateFile } from './private-file.js';

const run = promisify(execFile);

/** Sorting and cases come from PostgreSQL itself: they must not change with the operating system. */
const INITDB_OPTIONS =
  '--auth=scram-sha-256 --encoding=UTF8 --locale-provider=builtin --builtin-locale=C.UTF-8 --locale=C --no-instructions'.split(
    ' ',
  );

/** A folder of PostgreSQL's, and what is needed to run a server on it. */
export interface Cluster {
  readonly dataDir: string;
  readonly folder: string;
  readonly password: string;
  readonly binaries: Binaries;
  readonly launcher: Launcher;
}

/** The cluster in the data directory; made if there is none, made again if the making was interrupted. */
export async function prepareCluster(dataDir: string, binaries: Binaries): Promise<Cluster> {
  const folder = path.join(dataDir, 'postgres');
  const launcher = await chooseLauncher(binaries, folder);
  const exists = await isComplete(folder);
  const password = await passwordOf(dataDir, exists);
  const cluster = { dataDir, folder, password, binaries, launcher };
  if (!exists) await create(cluster);
  await refuseOtherVersion(cluster);
  if (launcher.uid !== null && (await stat(folder)).uid !== launcher.uid)
    await handOver(launcher, dataDir, folder);
  return cluster;
}

/** Only a server that once ran writes postmaster.opts: without it a folder holds nothing that anyone stored. */
async function isComplete(folder: string): Promise<boolean> {
  if ((await isThere(folder, 'PG_VERSION')) && (await isThere(folder, 'global', 'pg_control'))) return true;
  if (!(await isThere(folder, 'postmaster.opts'))) return false;
  throw new AppError(
    'unavailable',
    'data_dir_damaged',
    `${folder} was a database, but important files of it are missing. Restore it from a backup, or move it away to start empty.`,
  );
}

async function isThere(...parts: readonly string[]): Promise<boolean> {
  return access(path.join(...parts)).then(
    () => true,
    () => false,
  );
}

async function passwordOf(dataDir: string, exists: boolean): Promise<string> {
  const file = passwordFile(dataDir);
  if (exists && (await readIfThere(file)) === null) {
    throw new AppError(
      'unavailable',
      'data_dir_damaged',
      `${file} is missing; the database cannot be opened without it.`,
    );
  }
  return (await readOrCreatePrivateFile(file, () => randomBytes(24).toString('hex'))).trim();
}

function passwordFile(dataDir: string): string {
  return path.join(dataDir, 'postgres-password');
}

/** Made beside its place and moved there when whole, so that an interruption at any moment leaves nothing half. */
async function create(cluster: Cluster): Promise<void> {
  const draft = path.join(cluster.dataDir, 'postgres.new');
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { mode: 0o700 });
  await handOver(cluster.launcher, cluster.dataDir, draft);
  await initialise(cluster, draft);
  await rm(cluster.folder, { recursive: true, force: true });
  await rename(draft, cluster.folder);
}

async function initialise({ dataDir, binaries, launcher }: Cluster, draft: string): Promise<void> {
  const password = passwordFile(dataDir);
  if (launcher.uid !== null) await chown(password, launcher.uid, launcher.uid);
  const place = ['-D', draft, '-U', 'bellhop', '--pwfile', password];
  const { file, args, options } = commandLine(launcher, binaries.initdb, [...place, ...INITDB_OPTIONS]);
  await run(file, args, options).catch((cause: unknown) => {
    const reason = ((cause as { stderr?: string }).stderr ?? '').trim() || String(cause);
    throw new AppError(
      'unavailable',
      'initdb_failed',
      `A database could not be made in ${dataDir}: ${reason}`,
      { cause },
    );
  });
}

async function refuseOtherVersion({ folder, launcher }: Cluster): Promise<void> {
  const version = (await readIfThere(path.join(folder, 'PG_VERSION')))?.trim();
  if (version === launcher.majorVersion) return;
  throw new AppError(
    'unavailable',
    'data_dir_version',
    `${folder} was made by PostgreSQL ${version}, this Bellhop brings ${launcher.majorVersion}. Use the Bellhop that made it, ` +
      'move its data with pg_dump and DATABASE_URL, or set another DATA_DIR.',
  );
}
