import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BenchResult } from '../../bench/report/result.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'bellhop-bench-test-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function bench(...args: string[]): Promise<Ended> {
  const { PATH, HOME } = process.env;
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['dist/bench/main.js', ...args],
      { env: { PATH, HOME } },
      (_error, stdout, stderr) => resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

test('a quick run loses nothing, and reports every figure that it measured, as JSON and as a table', async () => {
  const file = path.join(folder, 'result.json');
  const { stdout, stderr } = await bench('--quick', '--rounds', '1', '--scale', '0.08', '--json', file);
  const result = JSON.parse(await readFile(file, 'utf8').catch(() => stderr)) as BenchResult;
  expect(stdout).toBe('');
  expect(result.counts).toMatchObject({ lost: 0, withoutAttempt: 0 });
  expect(result.counts.delivered).toBeGreaterThan(0);
  expect(result.counts.delivered).toBe(result.counts.expected);
  expect(result.leftOut).toEqual([]);
  expect(result.cases.filter((run) => 'fault' in run)).toEqual([]);
  const measured = result.rows.filter(({ spread }) => spread !== null);
  expect(measured.map(({ figure }) => figure)).toEqual(
    expect.arrayContaining(['ratioFanOut1', 'cpuFanOut10', 'p99At2000', 'isolationP99']),
  );
  for (const { title, spread } of measured) {
    expect(stderr).toContain(title);
    expect(spread?.median).toBeGreaterThan(0);
  }
  const [round] = result.modes[0]?.rounds ?? [];
  expect(Object.keys(round?.fanOut1.cpuMicros ?? {}).sort()).toEqual([
    'generator',
    'postgres',
    'sink',
    'standalone',
  ]);
}, 240_000);

test('it explains itself, its exit codes included', async () => {
  const { code, stdout } = await bench('--help');
  expect(code).toBe(0);
  for (const word of ['--quick', '--only', '--write-docs', '--profile', 'Exit code 1', 'rounds, isolation']) {
    expect(stdout).toContain(word);
  }
});

test('an option that it does not know is refused before anything is started', async () => {
  const { code, stderr } = await bench('--only', 'everything');
  expect(code).toBe(2);
  expect(stderr).toContain('rounds, isolation');
});
