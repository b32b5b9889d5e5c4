import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
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
  const child = spawn(process.execPath, ['dist/test/chaos/main.js', ...args]);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })));
}

test('what is broken on purpose costs no event, in any mode', async () => {
  const file = path.join(folder, 'result.json');
  const { code, stdout, stderr } = await chaos('--fast', '--json', file);
  expect(code, `${stdout}\n${stderr}`).toBe(0);
  const { results } = JSON.parse(readFileSync(file, 'utf8')) as ChaosResult;
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

function readPage(): string {
  return readFileSync('docs/reliability.md', 'utf8');
}
