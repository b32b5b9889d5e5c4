import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { BodyQueue } from './body-queue.js';

test('small bodies are read at once, large ones one in each turn and in order', async () => {
  const queue = new BodyQueue();
  const read: string[] = [];
  for (const name of ['a', 'b', 'c']) queue.read(32 * 1024, () => read.push(name));
  queue.read(32 * 1024 - 1, () => read.push('small'));
  expect(read).toEqual(['small']);
  const perTurn: number[] = [];
  while (read.length < 4) {
    const before = read.length;
    await turn();
    perTurn.push(read.length - before);
  }
  expect(read).toEqual(['small', 'a', 'b', 'c']);
  expect(Math.max(...perTurn)).toBe(1);
});
