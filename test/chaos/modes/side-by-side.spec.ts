import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Registry } from '../registry.js';
import type { ChaosOptions } from '../options.js';
import { readOptions } from '../options.js';
import type { CaseResult } from '../result.js';
import { sideBySide } from './side-by-side.js';

let folder = '';
let registry: Registry;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'bellhop-modes-'));
  registry = await Registry.load();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What stands for the process of a mode: `order` is what it is told, `say` what it answers with. */
function program(lines: string): string {
  const file = path.join(folder, `${Math.random()}.mjs`);
  const passed = `(id, name) => ({ id, name, mode: order.mode, verdict: 'passed', remark: '', seed: order.seed })`;
  writeFileSync(
    file,
    `const say = (message) => new Promise((done) => process.send(message, done));
     process.once('message', async (order) => { const passed = ${passed}; ${lines} });`,
  );
  return file;
}

const notes: string[] = [];
function run(lines: string, ...args: readonly string[]): Promise<CaseResult[]> {
  const options = readOptions(['--only', 'F01,F13', '--seed', '7', ...args]) as ChaosOptions;
  const orders = options.modes.map((mode) => ({ ...options, mode }));
  const note = (mode: string, line: string): unknown => notes.push(`${mode}: ${line}`);
  return sideBySide({ orders, registry, note, program: program(lines) });
}

const told = (results: readonly CaseResult[]): string[] =>
  results.map(({ id, mode, verdict }) => `${id} ${mode} ${verdict}`);

const ALL = `await say({ note: 'begins' });
  await say({ result: passed('F01', 'killed-in-flight') });
  await say({ result: passed('F13', 'postgres-stopped') });
  await say({ isDone: true }); process.exit(0);`;

test('every mode says what it found, under its own name and with the seed of the run', async () => {
  const results = await run(ALL);
  expect(told(results)).toEqual(
    ['embedded', 'postgres', 'full'].flatMap((mode) => [`F01 ${mode} passed`, `F13 ${mode} passed`]),
  );
  expect(results.map((result) => (result as unknown as { seed: number }).seed)).toEqual(Array(6).fill(7));
  expect(notes).toEqual(expect.arrayContaining(['embedded: begins', 'postgres: begins', 'full: begins']));
});

test('a mode whose process is killed fails with each case that it had not told of, and the others go on', async () => {
  const dies = `await say({ result: passed('F01', 'killed-in-flight') });
    if (order.mode === 'postgres') process.kill(process.pid, 'SIGKILL');
    await say({ result: passed('F13', 'postgres-stopped') });
    await say({ isDone: true }); process.exit(0);`;
  const results = await run(dies, '--mode', 'postgres,full');
  expect(told(results)).toEqual([
    'F01 postgres passed',
    'F13 postgres failed',
    'F01 full passed',
    'F13 full passed',
  ]);
  expect(results[1]?.remark).toContain('SIGKILL');
});

test('a mode that ends with an error says which, and cases that it cannot have are still told apart', async () => {
  const results = await run(`throw new Error('no place for PostgreSQL');`, '--mode', 'embedded');
  expect(told(results)).toEqual(['F01 embedded failed', 'F13 embedded not applicable']);
  expect(results[0]?.remark).toContain('no place for PostgreSQL');
});

test('a mode that ends after its last case, and before it was through, fails as well', async () => {
  const results = await run(ALL.replace('await say({ isDone: true });', ''), '--mode', 'full');
  expect(told(results)).toEqual(['F01 full passed', 'F13 full passed', 'I7 full failed']);
});
