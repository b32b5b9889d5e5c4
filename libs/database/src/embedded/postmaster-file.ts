import { rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { answersSignals, livingProcess } from './living-process.js';
import { readIfThere } from './private-file.js';

export interface Postmaster {
  readonly pid: number;
  /** 0 as long as the server has not written it. */
  readonly port: number;
}

/**
 * The server that already runs on this folder, or null. PostgreSQL believes its lock file as long as any process
 * answers to that number; a file that names a zombie or a stranger is therefore removed. Should backends of a dead
 * server still run, PostgreSQL finds them by their shared memory and does not start.
 */
export async function findPostmaster(folder: string): Promise<Postmaster | null> {
  const file = path.join(folder, 'postmaster.pid');
  const content = await readIfThere(file);
  if (content === null) return null;
  const [pidLine = '', , , portLine = ''] = content.split('\n');
  const pid = Number(pidLine);
  if (!(pid > 0)) return discard(file);
  const process = await livingProcess(pid);
  if (process !== null && (await isServerOn(folder, pid, process.command)))
    return { pid, port: Number(portLine) || 0 };
  return answersSignals(pid) ? discard(file) : null;
}

async function discard(file: string): Promise<null> {
  await rm(file, { force: true });
  return null;
}

/** A server works inside its folder, whatever path it was given. */
async function isServerOn(folder: string, pid: number, command: string | null): Promise<boolean> {
  if (command === null) return true;
  if (process.platform !== 'linux') return command.includes(folder);
  const [own, others] = await Promise.all([stat(folder), stat(`/proc/${pid}/cwd`).catch(() => null)]);
  return (
    command.includes('postgres') && (others === null || (own.dev === others.dev && own.ino === others.ino))
  );
}
