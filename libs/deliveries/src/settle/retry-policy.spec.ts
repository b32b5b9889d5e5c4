import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  DEFAULT_SCHEDULE_SECONDS,
  MAX_RETRY_AFTER_MS,
  nextDelayMs,
  parseRetryAfter,
} from './retry-policy.js';

const NOW = new Date('2026-11-22T04:00:00Z');
const plain = { scheduleSeconds: null, attemptsMade: 1, responseStatus: 500, retryAfterMs: null };

test('the default schedule makes twelve attempts over about three days', () => {
  const delays = DEFAULT_SCHEDULE_SECONDS.map((_, index) =>
    nextDelayMs({ ...plain, attemptsMade: index + 1 }, () => 0.5),
  );
  expect(delays).toEqual(DEFAULT_SCHEDULE_SECONDS.map((seconds) => seconds * 1000));
  expect(nextDelayMs({ ...plain, attemptsMade: 12 })).toBeNull();
});

test('jitter scales with the delay: from half to one and a half of it', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 11 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (made, random) => {
        const base = (DEFAULT_SCHEDULE_SECONDS[made - 1] ?? 0) * 1000;
        const delay = nextDelayMs({ ...plain, attemptsMade: made }, () => random) ?? -1;
        expect(delay).toBeGreaterThanOrEqual(base * 0.5 - 1);
        expect(delay).toBeLessThanOrEqual(base * 1.5 + 1);
      },
    ),
  );
});

test('Retry-After is a floor under the schedule, capped at a day', () => {
  expect(nextDelayMs({ ...plain, retryAfterMs: 60_000 }, () => 0)).toBe(60_000);
  expect(nextDelayMs({ ...plain, attemptsMade: 4, retryAfterMs: 1_000 }, () => 0.5)).toBe(600_000);
  expect(nextDelayMs({ ...plain, retryAfterMs: 1e15 }, () => 0)).toBe(MAX_RETRY_AFTER_MS);
});

test('a client error goes on at the slow half of the default schedule, but at the pace of an own one', () => {
  expect(nextDelayMs({ ...plain, responseStatus: 404 }, () => 0.5)).toBe(3_600_000);
  expect(nextDelayMs({ ...plain, responseStatus: 404, scheduleSeconds: [1, 2] }, () => 0.5)).toBe(1_000);
});

test('an empty schedule means one attempt', () => {
  expect(nextDelayMs({ ...plain, scheduleSeconds: [] })).toBeNull();
});

test.each([
  ['7', 7_000],
  ['0', 0],
  ['Sun, 22 Nov 2026 04:00:30 GMT', 30_000],
  ['Sun, 22 Nov 2026 03:00:00 GMT', 0],
  ['1000000000', MAX_RETRY_AFTER_MS],
  ['-1', null],
  ['NaN', null],
  ['soon', null],
  ['', null],
  ['1.5', null],
])('Retry-After %j means %s ms', (value, expected) => {
  expect(parseRetryAfter(value, NOW)).toBe(expected);
});
