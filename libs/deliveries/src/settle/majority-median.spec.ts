import fc from 'fast-check';
import { expect, test } from 'vitest';
import { majorityMedian } from './majority-median.js';

const value = fc.integer({ min: -1e9, max: 1e9 });

test('it lies among any values that are more than half of all, whatever the others are', () => {
  const values = fc.array(value, { minLength: 1, maxLength: 9 });
  const fewer = fc.array(value, { maxLength: 9 });
  fc.assert(
    fc.property(values, fewer, fc.nat(), (right, others, place) => {
      const wrong = others.slice(0, right.length - 1);
      const at = place % (right.length + 1);
      const median = majorityMedian([...right.slice(0, at), ...wrong, ...right.slice(at)]);
      expect(median).toBeGreaterThanOrEqual(Math.min(...right));
      expect(median).toBeLessThanOrEqual(Math.max(...right));
    }),
  );
});

test('as many that are right as are wrong are enough for it to be right', () => {
  expect(majorityMedian([0, 90_000])).toBe(0);
  expect(majorityMedian([-90_000, 10, -90_000, 20])).toBe(10);
});

test('it is one of the values, and the order of them does not matter', () => {
  fc.assert(
    fc.property(fc.array(value, { minLength: 1 }), (values) => {
      const median = majorityMedian(values);
      expect(values).toContain(median);
      expect(majorityMedian(values.toReversed())).toBe(median);
    }),
  );
});
