import { randomUUID } from 'node:crypto';
import { readlink, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '#libs/kernel';
import { livingProcess } from './living-process.js';
import { createPrivateFile, readIfThere } from './private-file.js';

const BEAT_MS = 1_000;
/** Three beats: an owner elsewhere that was silent for so long is gone. */
const SILENCE_MS = 3 * BEAT_MS;
const LOOK_EVERY_MS = 100;

interface Owner {
  readonly pid: number;
  readonly startedAt: string | null;
  /** Process numbers mean the same to all who share this. */
  readonly machine: string;
  readonly token: string;
}

export interface DataDirLock {
  release(): Promise<void>;
}

/**
 * Makes this process the only owner of a data directory. The owner is known by its process; where process numbers
 * say nothing (another container, another machine on the same volume) by its file's date, which it keeps moving.
 */
export async function lockDataDir(dataDir: string): Promise<DataDirLock> {
  const file = path.join(dataDir, 'bellhop.lock');
  const own = JSON.stringify(await describeSelf());
  for (;;) {
    if (await createPrivateFile(file, own)) return keepLock(file, own);
    const found = await readIfThere(file);
    if (found === null) continue;
    if (await isHeld(file, found)) throw inUse(dataDir, parse(found)?.pid);
    await removeStale(file, found);
  }
}

async function describeSelf(): Promise<Owner> {
  const self = await livingProcess(process.pid);
  return {
    pid: process.pid,
    startedAt: self?.startedAt ?? null,
    machine: await machine(),
    token: randomUUID(),
  };
}

async function machine(): Promise<string> {
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
  const processes = await readlink('/proc/self/ns/pid').catch(() => '');
  return [hostname(), boot.trim(), processes].join(' ');
}

async function isHeld(file: string, content: string): Promise<boolean> {
  const owner = parse(content);
  if (owner === null) return false;
  if (owner.machine !== (await machine())) return isBeating(file);
  const process = await livingProcess(owner.pid);
  return process !== null && process.startedAt === owner.startedAt;
}

async function isBeating(file: string): Promise<boolean> {
  const dateOf = async (): Promise<number> => (await stat(file).catch(() => null))?.mtimeMs ?? 0;
  const before = await dateOf();
  const deadline = Date.now() + SILENCE_MS;
  while (Date.now() < deadline) {
    await pause(LOOK_EVERY_MS);
    if ((await dateOf()) !== before) return true;
  }
  return false;
}

function parse(content: string): Owner | null {
  try {
    return JSON.parse(content) as Owner;
  } catch {
    return null;
  }
}

/** Two may find the same stale file: it is moved away first, and put back if it was already another's. */
async function removeStale(file: string, content: string): Promise<void> {
  const aside = `${file}.${randomUUID()}`;
  await rename(file, aside).catch(() => undefined);
  const moved = await readIfThere(aside);
  if (moved !== null && moved !== content) await createPrivateFile(file, moved);
  await rm(aside, { force: true });
}

function keepLock(file: string, own: string): DataDirLock {
  const beat = setInterval(() => void utimes(file, new Date(), new Date()).catch(() => undefined), BEAT_MS);
  beat.unref();
  return {
    release: async () => {
      clearInterval(beat);
      if ((await readIfThere(file)) === own) await rm(file, { force: true });
    },
  };
}

function inUse(dataDir: string, pid = 0): AppError {
  return new AppError(
    'conflict',
    'data_dir_in_use',
    `Another Bellhop (process ${pid}) already uses ${dataDir}. Stop it, or give this one a DATA_DIR of its own.`,
  );
}
