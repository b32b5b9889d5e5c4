import { execFile } from 'node:child_process';
import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ROOT_PACKAGE = 'rabbitmq-server';
const OUTPUT_BYTES = 64 * 1024 * 1024;

export type Progress = (line: string) => void;

/**
 * Downloads RabbitMQ's packages, and what they need and this machine has not, into `folder`; installs nothing and
 * needs no root. The system's package lists serve when they are there and fresh, else our own copy is fetched.
 */
export async function downloadRabbitPackages(folder: string, progress: Progress): Promise<string[]> {
  const apt = new Apt(path.join(folder, 'apt'));
  await apt.prepare();
  try {
    return await download(apt, folder, progress);
  } catch {
    progress('fetching package lists (about 10 MB)');
    await apt.update();
    return download(apt, folder, progress);
  }
}

async function download(apt: Apt, folder: string, progress: Progress): Promise<string[]> {
  const names = await neededPackages(apt);
  progress(`downloading ${names.length} packages (about 35 MB)`);
  const target = path.join(folder, 'packages');
  await mkdir(target, { recursive: true });
  await apt.get(['download', ...names], target);
  const files = await readdir(target);
  return files.filter((name) => name.endsWith('.deb')).map((name) => path.join(target, name));
}

/** The broker, all of its Erlang, SCTP (loaded at run time, so named nowhere), and missing shared libraries. */
async function neededPackages(apt: Apt): Promise<string[]> {
  const all = await apt.dependencies([ROOT_PACKAGE], true);
  const erlang = all.filter((name) => name.startsWith('erlang-'));
  if (erlang.length === 0) throw new Error(`the package lists do not know ${ROOT_PACKAGE}`);
  const libraries = [...(await apt.dependencies(erlang, false)), 'libsctp1'].filter((name) =>
    name.startsWith('lib'),
  );
  return [ROOT_PACKAGE, ...erlang, ...(await missing(libraries))];
}

async function missing(names: readonly string[]): Promise<string[]> {
  const wanted = [...new Set(names)];
  const checks = await Promise.all(wanted.map(async (name) => ((await isInstalled(name)) ? [] : [name])));
  return checks.flat();
}

async function isInstalled(name: string): Promise<boolean> {
  const status = await run('dpkg-query', ['-W', '-f=${Status}', name]).catch(() => ({ stdout: '' }));
  return status.stdout.includes('install ok installed');
}

/** apt with a state and a cache of its own, so that neither root nor a lock of the system's apt is needed. */
class Apt {
  private ownLists: string[] = [];

  constructor(private readonly folder: string) {}

  async prepare(): Promise<void> {
    for (const name of ['cache/archives/partial', 'state/lists/partial']) {
      await mkdir(path.join(this.folder, name), { recursive: true });
    }
  }

  async update(): Promise<void> {
    this.ownLists = [`Dir::State=${path.join(this.folder, 'state')}`];
    // Hooks of the machine may fail without root, and one dead mirror of several does not matter: the
    // download that follows is the judge.
    await this.get(['update'], this.folder).catch(() => undefined);
  }

  async get(args: readonly string[], cwd: string): Promise<void> {
    await run('apt-get', [...this.options(), ...args], { cwd, maxBuffer: OUTPUT_BYTES });
  }

  /** Names of real packages among the dependencies; alternatives and virtual ones are left out. */
  async dependencies(names: readonly string[], recurse: boolean): Promise<string[]> {
    const flags = ['--important', ...(recurse ? ['--recurse'] : [])];
    const { stdout } = await run('apt-cache', [...this.options(), 'depends', ...flags, ...names], {
      maxBuffer: OUTPUT_BYTES,
    });
    const found = stdout.matchAll(
      recurse ? /^([a-z0-9][\w.+-]*)/gm : /^ [ |](?:Pre)?Depends: ([a-z0-9][\w.+-]*)/gm,
    );
    return [...new Set([...found].flatMap(([, name]) => (name === undefined ? [] : [name])))];
  }

  private options(): string[] {
    const values = ['APT::Sandbox::User=', `Dir::Cache=${path.join(this.folder, 'cache')}`];
    const all = [...values, 'Dir::State::status=/var/lib/dpkg/status', ...this.ownLists];
    return ['-q', ...all.flatMap((value) => ['-o', value])];
  }
}
