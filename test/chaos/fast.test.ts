import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../support/eventually.js';
import { killAll, withDescendants } from '../support/platform/descendants.js';
import type { ChaosResult } from './result.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'bellhop-chaos-test-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function chaos(...args: readonly string[]): Promise<Ended> {
  return endOf(start(...args));
}

function start(...args: readonly string[]): ChildProcess {
  return spawn(process.execPath, ['dist/test/chaos/main.js', ...args]);
}

function endOf(child: ChildProcess): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })));
}

test('what is broken on purpose costs no event, in any mode', async () => {
  const file = path.join(folder, 'result.json');
  const { code, stdout, stderr } = await chaos('--fast', '--json', file);
  expect(code, `${stdout}\n${stderr}`).toBe(0);
  // One result of all modes, and a line of progress says of which one it is.
  const { results, isSideBySide } = JSON.parse(readFileSync(file, 'utf8')) as ChaosResult;
  expect(isSideBySide).toBe(true);
  expect(stderr).toMatch(/ s  full {6}F\d\d /);
  expect(new Set(results.map(({ mode }) => mode))).toEqual(new Set(['embedded', 'postgres', 'full']));
}, 300_000);

test('every row of the catalogue has an answer in every mode, and every row proves a guarantee', async () => {
  const { stdout } = await chaos('--list');
  expect(stdout).toMatch(/^without a case: none$/m);
  const [, guarantees = ''] = /## What is guaranteed\n([^]*?)\n## /.exec(readPage()) ?? [];
  const rows = Array.from({ length: 50 }, (_, index) => `F${String(index + 1).padStart(2, '0')}`);
  expect(rows.filter((row) => !guarantees.includes(row))).toEqual([]);
});

test('arguments that cannot be used are said, and nothing is broken', async () => {
  const { code, stderr } = await chaos('--only', 'F99');
  expect(code).toBe(2);
  expect(stderr).toContain('there is no case F99');
});

test('Ctrl-C ends every mode, and all that was started for it', async () => {
  const child = start('--mode', 'embedded,postgres', '--only', 'F46');
  const ended = endOf(child);
  let pids: number[] = [];
  try {
    await eventually(
      async () => {
        pids = await withDescendants(child.pid ?? 0);
        const running = (await Promise.all(pids.map(commandOf))).filter((line) =>
          line.includes('standalone'),
        );
        // One of the embedded mode, two of the other.
        if (running.length < 3) throw new Error(`only ${running.length} processes of a platform run`);
      },
      { timeoutMs: 60_000 },
    );
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
    await eventually(async () => {
      const left = (await Promise.all(pids.map(commandOf))).filter((line) => line !== '');
      if (left.length > 0) throw new Error(`still there: ${left.join('; ')}`);
    });
  } finally {
    killAll(pids);
  }
});

/** Empty when there is no such process any more. */
async function commandOf(pid: number): Promise<string> {
  const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return line.replaceAll('\0', ' ').trim();
}

function readPage(): string {
  return readFileSync('docs/reliability.md', 'utf8');
}
