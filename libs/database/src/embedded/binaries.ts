import { access, mkdir, readFile, readlink, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { AppError } from '#libs/kernel';

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly pgCtl: string;
}

interface Link {
  readonly source: string;
  readonly target: string;
}

/** The programs of the npm package for this platform, ready to run even if its install script was not allowed to. */
export async function findBinaries(): Promise<Binaries> {
  const root = packageRoot();
  await restoreLinks(root);
  const program = (name: string): string =>
    path.join(root, 'native', 'bin', process.platform === 'win32' ? `${name}.exe` : name);
  const binaries = { initdb: program('initdb'), postgres: program('postgres'), pgCtl: program('pg_ctl') };
  await access(binaries.postgres).catch((cause: unknown) => {
    throw unavailable(`its package lacks ${binaries.postgres}`, cause);
  });
  return binaries;
}

function packageRoot(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
    return path.dirname(path.dirname(createRequire(wrapper).resolve(name)));
  } catch (cause) {
    throw unavailable(
      `the package ${name} is not installed (optional dependencies were left out, or there is none)`,
      cause,
    );
  }
}

export function unavailable(reason: string, cause?: unknown): AppError {
  return new AppError(
    'unavailable',
    'embedded_postgres_unavailable',
    `The embedded PostgreSQL cannot run here: ${reason}. Set DATABASE_URL to a PostgreSQL 15 or newer instead.`,
    { cause },
  );
}

/** npm cannot pack symbolic links; the package lists them and makes them in an install script. */
async function restoreLinks(root: string): Promise<void> {
  const list = await readFile(path.join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const link of JSON.parse(list) as readonly Link[]) await restoreLink(root, link);
}

async function restoreLink(root: string, { source, target }: Link): Promise<void> {
  const link = path.join(root, target);
  if (await readlink(link).catch(() => null)) return;
  await mkdir(path.dirname(link), { recursive: true });
  await symlink(path.relative(path.dirname(link), path.join(root, source)), link).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    },
  );
}
