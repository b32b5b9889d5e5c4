import { expect, test } from 'vitest';
import { Fifo } from './fifo.js';

test('what goes in comes out in order, through growth and compaction', () => {
  const fifo = new Fifo<number>();
  let next = 0;
  let expected = 0;
  for (let round = 0; round < 50; round += 1) {
    for (let count = 0; count < 200; count += 1) fifo.push(next++);
    for (let count = 0; count < 150 + round; count += 1) {
      const item = fifo.shift();
      if (item !== undefined) expect(item).toBe(expected++);
    }
  }
  expect(fifo.length).toBe(next - expected);
});

test('an empty queue gives nothing', () => {
  expect(new Fifo<string>().shift()).toBeUndefined();
});
