import { execFileSync } from 'node:child_process';
import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import path from 'node:path';
import { median } from '../measure/spread.js';
import type { Environment } from './result.js';

const PROBES = 50;
const PAGE = Buffer.alloc(8192);

/** What the numbers depend on. */
export function describeEnvironment(folder: string, postgres: string): Environment {
  return {
    date: new Date().toISOString(),
    commit: commit(),
    node: process.version,
    postgres,
    cpu: cpus()[0]?.model.trim() ?? '',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    load: Math.round((loadavg()[0] ?? 0) * 100) / 100,
    fsyncMs: fsyncMillis(folder),
  };
}

/** How long the disk takes to promise a page: every commit waits for it. */
function fsyncMillis(folder: string): number {
  const file = path.join(folder, 'fsync-probe');
  const descriptor = openSync(file, 'w');
  const times = Array.from({ length: PROBES }, () => {
    const startedAt = performance.now();
    writeSync(descriptor, PAGE, 0, PAGE.length, 0);
    fsyncSync(descriptor);
    return performance.now() - startedAt;
  });
  closeSync(descriptor);
  rmSync(file);
  return Math.round(median(times) * 1000) / 1000;
}

function commit(): string | null {
  try {
    const output = execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return output.toString().trim();
  } catch {
    return null;
  }
}
