import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { LineTail } from './line-tail.js';

let folder: string;
let file: string;
let lines: string[];
let tail: LineTail;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'line-tail-'));
  file = path.join(folder, 'log');
  await writeFile(file, '');
  lines = [];
  tail = new LineTail(file, (line) => lines.push(line));
});

afterEach(() => rm(folder, { recursive: true }));

it('hands over a line when its end is there, not before', async () => {
  await appendFile(file, 'one\ntw');
  await tail.readOn();
  expect(lines).toEqual(['one']);

  await appendFile(file, 'o\n');
  await tail.readOn();
  expect(lines).toEqual(['one', 'two']);
});

it('keeps a character whole whose bytes come one by one', async () => {
  for (const byte of Buffer.from('Grüße 🛎\n')) {
    await appendFile(file, Buffer.of(byte));
    await tail.readOn();
  }
  expect(lines).toEqual(['Grüße 🛎']);
});

it('hands over each line once and in order to many who read at once while the file grows in pieces', async () => {
  const written = Array.from({ length: 200 }, (_, index) => `${index} ${'x'.repeat(index % 7)}`);
  for (const line of written) {
    const reads = [tail.readOn(), tail.readOn()];
    await appendFile(file, line.slice(0, 2));
    reads.push(tail.readOn(), tail.readOn(), tail.readOn());
    await appendFile(file, `${line.slice(2)}\n`);
    await Promise.all([...reads, tail.readOn()]);
  }
  expect(lines).toEqual(written);
});
