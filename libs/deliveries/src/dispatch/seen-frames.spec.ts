import { expect, test } from 'vitest';
import { SeenFrames } from './seen-frames.js';

test('a message is new once, for as long as a lease can last', () => {
  const seen = new SeenFrames();
  expect(seen.isNew('a', 0)).toBe(true);
  expect(seen.isNew('a', 1)).toBe(false);
  expect(seen.isNew('a', 60_000)).toBe(false);
  expect(seen.isNew('b', 60_000)).toBe(true);
  expect(seen.isNew('b', 119_999)).toBe(false);
});

test('one that failed is new again', () => {
  const seen = new SeenFrames();
  seen.isNew('a', 0);
  seen.isNew('b', 60_000);
  seen.forget('a');
  seen.forget('b');
  expect(seen.isNew('a', 60_001)).toBe(true);
  expect(seen.isNew('b', 60_001)).toBe(true);
});

test('it remembers two generations of 100,000 and no more', () => {
  const seen = new SeenFrames();
  for (let n = 0; n < 300_000; n += 1) seen.isNew(String(n), 0);
  expect(seen.isNew('250000', 0)).toBe(false);
  expect(seen.isNew('100', 0)).toBe(true);
});
