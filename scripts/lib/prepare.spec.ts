import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ensureBuilt, isInstalled } from './prepare.mjs';

/** Stands for the compiler: copies every source to the folder it is told, as .js. */
const COMPILER = `
const { cpSync } = require('node:fs');
const out = process.argv[process.argv.indexOf('--outDir') + 1];
cpSync('libs', out + '/libs', { recursive: true });
`;
let root: string;

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'bellhop-prepare-'));
  await write('libs/a/one.ts', 'one');
  await write('libs/a/two.ts', 'two');
  for (const name of ['tsconfig.json', 'tsconfig.build.json', 'package.json']) await write(name, '{}');
  await lock({ 'node_modules/pg': { version: '8.0.0' } });
  await installed({ 'node_modules/pg': { version: '8.0.0' } });
  await write('node_modules/typescript7/bin/tsc', COMPILER);
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function write(file: string, text: string): Promise<void> {
  const target = path.join(root, file);
  await mkdir(path.dirname(target), { recursive: true });
  await writeFile(target, text);
}
const lock = (packages: object): Promise<void> => write('package-lock.json', JSON.stringify({ packages }));
const installed = (packages: object): Promise<void> =>
  write('node_modules/.package-lock.json', JSON.stringify({ packages }));
const built = async (): Promise<string[]> => (await readdir(path.join(root, 'dist', 'libs', 'a'))).sort();

test('packages of another version than the lock file says are stale', async () => {
  expect(isInstalled({ root })).toBe(true);
  await installed({ 'node_modules/pg': { version: '7.0.0' } });
  expect(isInstalled({ root })).toBe(false);
});

test('a folder of packages that npm did not finish is stale', async () => {
  await rm(path.join(root, 'node_modules', '.package-lock.json'));
  expect(isInstalled({ root })).toBe(false);
});

test('tools of development count only where they are needed, optional packages nowhere', async () => {
  await lock({
    'node_modules/vitest': { version: '4.0.0', dev: true },
    'node_modules/x': { optional: true },
  });
  await installed({});
  expect(isInstalled({ root })).toBe(true);
  expect(isInstalled({ root, dev: true })).toBe(false);
});

test('a source that was deleted is gone from the next build', async () => {
  await ensureBuilt({ root });
  expect(await built()).toEqual(['one.ts', 'two.ts']);
  await rm(path.join(root, 'libs/a/two.ts'));
  await ensureBuilt({ root });
  expect(await built()).toEqual(['one.ts']);
  expect((await readdir(root)).filter((name) => name.includes('.tmp'))).toEqual([]);
});

test('nothing is built while the sources are the same, whatever their dates', async () => {
  await ensureBuilt({ root });
  await write('dist/libs/a/mark', '');
  await write('libs/a/one.ts', 'one');
  await ensureBuilt({ root });
  expect(await built()).toContain('mark');
});

test('a build that fails says why and leaves the one before in place', async () => {
  await ensureBuilt({ root });
  await write('libs/a/one.ts', 'changed');
  await write('node_modules/typescript7/bin/tsc', `console.log('one.ts(1,1): error'); process.exit(2);`);
  await expect(ensureBuilt({ root })).rejects.toThrow(/build failed[\s\S]*one\.ts\(1,1\)/);
  expect(await readFile(path.join(root, 'dist/libs/a/one.ts'), 'utf8')).toBe('one');
});
