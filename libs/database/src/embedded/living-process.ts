import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface LivingProcess {
  /** Tells two processes apart that had the same number; null where the system does not say. */
  readonly startedAt: string | null;
  readonly command: string | null;
}

/**
 * The process with this number, or null. One that ended but was not collected by its parent (in a container without
 * an init that is for ever) answers signals, yet it is as dead as any other.
 */
export async function livingProcess(pid: number): Promise<LivingProcess | null> {
  if (!answersSignals(pid)) return null;
  if (process.platform === 'linux') return fromProc(pid);
  if (process.platform === 'win32') return { startedAt: null, command: null };
  return fromPs(pid);
}

/** Also true for a process that ended and was not collected yet. */
export function answersSignals(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The command's name may contain anything, also ')': the fields follow the last one (proc_pid_stat(5)). */
async function fromProc(pid: number): Promise<LivingProcess | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (stat === '' || state === 'Z' || state === 'X') return null;
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => null);
  return { startedAt: fields[18] ?? null, command: command?.replaceAll('\0', ' ') ?? null };
}

async function fromPs(pid: number): Promise<LivingProcess | null> {
  const columns = ['-o', 'state=', '-o', 'lstart=', '-o', 'command=', '-p', String(pid)];
  const { stdout } = await run('ps', columns).catch(() => ({ stdout: '' }));
  const [, state = 'Z', startedAt = null, command = null] =
    /^\s*(\S)\S*\s+(.{24})\s+(.*)$/m.exec(stdout) ?? [];
  return state === 'Z' ? null : { startedAt, command };
}
