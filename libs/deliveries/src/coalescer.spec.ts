import { expect, test } from 'vitest';
import { Coalescer } from './coalescer.js';

const options = { maxItems: 3, maxInFlight: 1, lingerMs: 1 };

test('items added together are flushed together and each gets its own result', async () => {
  const batches: number[][] = [];
  const coalescer = new Coalescer<number, number>(async (items) => {
    batches.push(items);
    return items.map((item) => item * 2);
  }, options);
  expect(await Promise.all([1, 2, 3, 4].map((item) => coalescer.add(item)))).toEqual([2, 4, 6, 8]);
  expect(batches).toEqual([[1, 2, 3], [4]]);
});

test('a failed flush fails its own items and no others', async () => {
  const coalescer = new Coalescer<number, number>(async (items) => {
    if (items.includes(1)) throw new Error('broken');
    return items;
  }, options);
  const results = await Promise.allSettled([1, 2, 3, 4].map((item) => coalescer.add(item)));
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'fulfilled']);
});

test('a batch is cut by weight, and an item heavier than the limit goes alone', async () => {
  const batches: string[][] = [];
  const flush = async (items: string[]): Promise<string[]> => {
    batches.push(items);
    return items;
  };
  const coalescer = new Coalescer<string, string>(flush, { ...options, maxItems: 9, maxWeight: 10 });
  await Promise.all(
    ['aaaaaa', 'bbbb', 'c', 'dddddddddddd', 'e'].map((item) => coalescer.add(item, item.length)),
  );
  expect(batches).toEqual([['aaaaaa', 'bbbb'], ['c'], ['dddddddddddd'], ['e']]);
});

test('drain waits for what is waiting and under way', async () => {
  let flushed = 0;
  const coalescer = new Coalescer<number, number>(async (items) => {
    await new Promise((resolve) => setImmediate(resolve));
    flushed += items.length;
    return items;
  }, options);
  const added = [1, 2, 3, 4, 5, 6, 7].map((item) => coalescer.add(item));
  await coalescer.drain();
  expect(flushed).toBe(7);
  await Promise.all(added);
});
