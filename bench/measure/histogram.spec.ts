import { expect, test } from 'vitest';
import { Histogram } from './histogram.js';

test.each([1, 63, 64, 100, 999, 12_345, 1_000_000, 60_000_000])(
  'a value of %d µs is found again to 2 %%',
  (micros) => {
    const histogram = new Histogram();
    histogram.record(micros);
    histogram.record(LATER);
    expect(Math.abs(histogram.percentile(0.5) - micros) / micros).toBeLessThan(0.02);
  },
);

const LATER = 500_000_000;

test('percentiles of a thousand values are those of the sorted list', () => {
  const histogram = new Histogram();
  for (let n = 1000; n >= 1; n -= 1) histogram.record(n * 10);
  const { count, p50, p90, p99, p999, max } = histogram.percentiles();
  expect([count, max]).toEqual([1000, 10]);
  [
    [p50, 5],
    [p90, 9],
    [p99, 9.9],
    [p999, 9.99],
  ].forEach(([found = 0, exact = 0]) => expect(Math.abs(found - exact) / exact).toBeLessThan(0.02));
});

test('nothing recorded gives zeros, and what is too large or negative counts at the ends', () => {
  const histogram = new Histogram();
  expect(histogram.percentiles()).toEqual({ count: 0, p50: 0, p90: 0, p99: 0, p999: 0, max: 0 });
  histogram.record(-5);
  histogram.record(1e15);
  expect(histogram.percentile(0.5)).toBe(0);
  expect(histogram.percentiles().max).toBeGreaterThan(2_000_000);
});

test('two of them together are one over both', () => {
  const [one, other] = [new Histogram(), new Histogram()];
  one.record(10);
  other.record(20);
  other.record(30);
  one.add(other);
  expect(one.percentiles()).toMatchObject({ count: 3, p50: 0.02, max: 0.03 });
});
