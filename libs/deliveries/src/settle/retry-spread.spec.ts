import { expect, test } from 'vitest';
import { DEFAULT_SCHEDULE_SECONDS, nextDelayMs } from './retry-policy.js';

const RETRIES = 10_000;
const BINS = 50;
/** Of 49 degrees of freedom: an even spread passes it once in a thousand seeds, a herd never stays below. */
const CHI_SQUARED_999 = 85.35;

/** Mulberry32: the same numbers for the same seed, even enough for this. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** When retries fall due that failed at the same moment. */
function delays(attemptsMade: number, retryAfterMs: number | null = null): number[] {
  const random = seeded(attemptsMade);
  const input = { scheduleSeconds: null, attemptsMade, responseStatus: 503, retryAfterMs };
  return Array.from({ length: RETRIES }, () => nextDelayMs(input, random) ?? -1);
}

/** How far the values are from an even spread between two bounds. */
function chiSquared(values: readonly number[], from: number, to: number): number {
  const counts = Array.from({ length: BINS }, () => 0);
  for (const value of values) {
    const bin = Math.min(BINS - 1, Math.floor(((value - from) / (to - from)) * BINS));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  const expected = values.length / BINS;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

test.each(DEFAULT_SCHEDULE_SECONDS.map((seconds, index) => [index + 1, seconds * 1000] as const))(
  '10,000 retries that failed together after attempt %i spread evenly over the window of %i ms',
  (attemptsMade, windowMs) => {
    const values = delays(attemptsMade);
    expect(chiSquared(values, windowMs * 0.5, windowMs * 1.5)).toBeLessThan(CHI_SQUARED_999);
    expect(Math.max(...values) - Math.min(...values)).toBeGreaterThan(windowMs * 0.99);
  },
);

test('10,000 that were told to come back at the same time spread over half as long again', () => {
  const values = delays(1, 60_000);
  expect(Math.min(...values)).toBeGreaterThanOrEqual(60_000);
  expect(chiSquared(values, 60_000, 90_000)).toBeLessThan(CHI_SQUARED_999);
});

test('a jitter that does not grow with the delay would not pass', () => {
  const random = seeded(1);
  const values = delays(4).map(() => 600_000 + 5_000 * random());
  expect(chiSquared(values, 300_000, 900_000)).toBeGreaterThan(CHI_SQUARED_999 * 100);
});
