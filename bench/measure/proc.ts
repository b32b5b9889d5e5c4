import { readdirSync, readFileSync } from 'node:fs';

/** Ticks of utime and stime in one second; 100 on every Linux that Node supports. */
const TICKS_PER_SECOND = 100;

export interface ProcessStat {
  readonly command: string;
  readonly parent: number;
  /** User and system, of ended and awaited children too. */
  readonly ticks: number;
}

/** CPU seconds that each of these processes used, with all its descendants. Zero for what does not run. */
export function cpuSeconds(roots: readonly number[]): number[] {
  const stats = readStats();
  const children = new Map<number, number[]>();
  for (const [pid, { parent }] of stats) children.set(parent, [...(children.get(parent) ?? []), pid]);
  const ticksOf = (pid: number): number =>
    (children.get(pid) ?? []).reduce((sum, child) => sum + ticksOf(child), stats.get(pid)?.ticks ?? 0);
  return roots.map((root) => ticksOf(root) / TICKS_PER_SECOND);
}

/** Null if there is no such process here. */
export function statOf(pid: number): ProcessStat | null {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return null;
  }
}

export function parseStat(text: string): ProcessStat {
  // The command stands in brackets and may itself hold blanks and brackets.
  const end = text.lastIndexOf(')');
  const fields = text.slice(end + 2).split(' ');
  const ticks = [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index]), 0);
  return { command: text.slice(text.indexOf('(') + 1, end), parent: Number(fields[1]), ticks };
}

/** Resident memory in megabytes, now and at its highest; zeros for what does not run. */
export function memoryOf(pid: number): { nowMb: number; peakMb: number } {
  try {
    return parseMemory(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return { nowMb: 0, peakMb: 0 };
  }
}

export function parseMemory(status: string): { nowMb: number; peakMb: number } {
  const megabytes = (field: string): number =>
    Math.round(Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) / 1024);
  return { nowMb: megabytes('VmRSS'), peakMb: megabytes('VmHWM') };
}

function readStats(): Map<number, ProcessStat> {
  const stats = new Map<number, ProcessStat>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = statOf(Number(name));
    if (stat !== null) stats.set(Number(name), stat);
  }
  return stats;
}
