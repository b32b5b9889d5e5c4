import { execFile, type SpawnOptions } from 'node:child_process';
import { chmod, chown, readdir, stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { type Binaries, unavailable } from './binaries.js';

const run = promisify(execFile);
/** "nobody", on every Linux. */
const NOBODY = 65_534;
const AS_NOBODY_INSIDE = ['unshare', '--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`, '--'];

/** How PostgreSQL's programs are run: it refuses to run as root, which is what a container often gives us. */
export interface Launcher {
  /** Goes before the program, for example `unshare`. */
  readonly prefix: readonly string[];
  /** The user that the programs run as, if it is not ours. */
  readonly uid: number | null;
  /** Of the programs, for example '18'. */
  readonly majorVersion: string;
}

/**
 * As root, a user namespace in which we are nobody: no user is made, and the files stay root's. Where namespaces are
 * forbidden (Docker's default), the real user nobody, to whom the data directory is then given.
 */
export async function chooseLauncher(binaries: Binaries, clusterDir: string): Promise<Launcher> {
  const asWeAre = { prefix: [], uid: null };
  const inNamespace = { prefix: AS_NOBODY_INSIDE, uid: null };
  if (process.getuid?.() !== 0) {
    return hasName()
      ? tried(binaries, asWeAre)
      : tried(binaries, inNamespace).catch(() => tried(binaries, asWeAre));
  }
  const asNobody = { prefix: [], uid: NOBODY };
  const owner = await stat(clusterDir).then(
    ({ uid }) => uid,
    () => null,
  );
  if (owner === NOBODY) return tried(binaries, asNobody);
  return tried(binaries, inNamespace).catch(() => tried(binaries, asNobody));
}

/** Containers run under numbers that no user has; PostgreSQL insists on a name, and finds one in the namespace. */
function hasName(): boolean {
  try {
    return userInfo().username !== '';
  } catch {
    return false;
  }
}

async function tried(binaries: Binaries, how: Omit<Launcher, 'majorVersion'>): Promise<Launcher> {
  const { file, args, options } = commandLine(how, binaries.postgres, ['--version']);
  try {
    const { stdout } = await run(file, args, options);
    return { ...how, majorVersion: /\d+/.exec(stdout)?.[0] ?? '' };
  } catch (cause) {
    throw unavailable(reasonOf(cause, how.uid), cause);
  }
}

function reasonOf(cause: unknown, uid: number | null): string {
  const { code, stderr = '' } = cause as NodeJS.ErrnoException & { stderr?: string };
  if (uid !== null) {
    return 'it refuses to run as root, `unshare --user` is not allowed, and the user nobody cannot run it from here';
  }
  if (code === 'ENOENT') return 'its programs need glibc, which this system (Alpine?) does not have';
  return stderr.trim() || String(cause);
}

export interface CommandLine {
  readonly file: string;
  readonly args: readonly string[];
  readonly options: Pick<SpawnOptions, 'cwd' | 'uid' | 'gid'>;
}

/** The working directory is the root: ours may be closed to the user that the program runs as. */
export function commandLine(
  how: Pick<Launcher, 'prefix' | 'uid'>,
  program: string,
  programArgs: readonly string[],
): CommandLine {
  const [file = program, ...args] = [...how.prefix, program, ...programArgs];
  const user = how.uid === null ? {} : { uid: how.uid, gid: how.uid };
  return { file, args, options: { cwd: path.parse(program).root, ...user } };
}

/** Lets the launcher's user reach a folder, and own what is in it. */
export async function handOver(launcher: Launcher, dataDir: string, folder: string): Promise<void> {
  if (launcher.uid === null) return;
  await chmod(dataDir, 0o711);
  const names = await readdir(folder, { recursive: true });
  for (const name of ['', ...names]) await chown(path.join(folder, name), launcher.uid, launcher.uid);
}
