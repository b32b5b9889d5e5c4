import { execFile } from 'node:child_process';
import { access, chmod, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { downloadRabbitPackages, type Progress } from './apt-packages.js';

const run = promisify(execFile);

export interface RabbitBinaries {
  /** Folder of `rabbitmq-server` and `rabbitmqctl`: the real scripts, not the wrappers that change the user. */
  readonly scripts: string;
  readonly epmd: string;
  /** Added to the environment of all of them. */
  readonly env: Readonly<Record<string, string>>;
}

const ADVICE =
  'The tests need RabbitMQ 3.10 or newer. Do one of: set TEST_AMQP_URL to a broker that the tests may use, ' +
  'install the package rabbitmq-server, or make Debian packages reachable (apt-get and dpkg must be there).';

/**
 * Debian's own `erl` has /usr/lib/erlang written into it and would run whatever is installed there, or nothing:
 * this one, first in PATH, runs the unpacked one.
 */
const ERL_SHIM = `#!/bin/sh
root=$(cd "$(dirname "$0")/.." && pwd)
ROOTDIR="$root/usr/lib/erlang" BINDIR=$(echo "$root"/usr/lib/erlang/erts-*/bin) EMU=beam PROGNAME=erl
export ROOTDIR BINDIR EMU PROGNAME
exec "$BINDIR/erlexec" "$@"
`;

/** An installed RabbitMQ, else one that is fetched once and unpacked into a cache folder. */
export async function rabbitBinaries(progress: Progress): Promise<RabbitBinaries> {
  if ((await exists('/usr/lib/rabbitmq/bin/rabbitmq-server')) && (await exists('/usr/bin/epmd'))) {
    return { scripts: '/usr/lib/rabbitmq/bin', epmd: '/usr/bin/epmd', env: {} };
  }
  const root = path.join(await cacheFolder(), `rabbitmq-${process.arch}`);
  try {
    if (!(await exists(root))) await fetchInto(root, progress);
  } catch (error) {
    throw new Error(ADVICE, { cause: error });
  }
  return unpacked(root);
}

/** Complete or absent: filled beside its place and moved there in one step, so that two runs at once are safe. */
async function fetchInto(root: string, progress: Progress): Promise<void> {
  const work = await mkdtemp(`${root}-partial-`);
  try {
    const packages = await downloadRabbitPackages(work, progress);
    progress('unpacking');
    const tree = path.join(work, 'tree');
    await mkdir(path.join(tree, 'shim'), { recursive: true });
    for (const file of packages) await run('dpkg', ['-x', file, tree]);
    await writeFile(path.join(tree, 'shim', 'erl'), ERL_SHIM);
    await chmod(path.join(tree, 'shim', 'erl'), 0o755);
    await rename(tree, root).catch(async (error: unknown) => {
      if (!(await exists(root))) throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function unpacked(root: string): Promise<RabbitBinaries> {
  const erts = (await readdir(path.join(root, 'usr/lib/erlang'))).find((name) => name.startsWith('erts-'));
  if (erts === undefined) throw new Error(`${root} is not complete: remove it and run again`);
  const libraries = await libraryFolders(root);
  return {
    scripts: path.join(root, 'usr/lib/rabbitmq/bin'),
    epmd: path.join(root, 'usr/lib/erlang', erts, 'bin/epmd'),
    env: {
      PATH: `${path.join(root, 'shim')}:${process.env.PATH ?? '/usr/bin:/bin'}`,
      LD_LIBRARY_PATH: [
        ...libraries,
        ...(process.env.LD_LIBRARY_PATH ? [process.env.LD_LIBRARY_PATH] : []),
      ].join(':'),
    },
  };
}

async function libraryFolders(root: string): Promise<string[]> {
  const parents = [path.join(root, 'usr/lib'), path.join(root, 'lib')];
  const found = await Promise.all(
    parents.map(async (parent) => {
      const names = await readdir(parent).catch((): string[] => []);
      return names.filter((name) => name.endsWith('-linux-gnu')).map((name) => path.join(parent, name));
    }),
  );
  return found.flat();
}

async function cacheFolder(): Promise<string> {
  const preferred = path.join(process.env.XDG_CACHE_HOME ?? path.join(homedir(), '.cache'), 'bellhop-test');
  const fallback = path.join(tmpdir(), `bellhop-test-cache-${process.getuid?.() ?? 0}`);
  for (const folder of [preferred, fallback]) {
    const made = await mkdir(folder, { recursive: true, mode: 0o700 }).then(
      () => true,
      () => false,
    );
    if (made) return folder;
  }
  throw new Error(`neither ${preferred} nor ${fallback} can be written`);
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
