import { expect, test } from 'vitest';
import { nowMicros } from './clock.js';

test('the time is that of the machine, to a small part of a millisecond, so that processes can compare theirs', () => {
  const differences = Array.from({ length: 50 }, () => {
    const before = Number(process.hrtime.bigint()) / 1000;
    const now = nowMicros();
    const after = Number(process.hrtime.bigint()) / 1000;
    return Math.max(before - now, now - after);
  });
  expect(Math.min(...differences)).toBeLessThan(50);
});
