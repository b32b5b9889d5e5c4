import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Pace, type Reaction } from './pace.js';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

/** As many requests as may be in flight, all with this end. */
function fullWindow(pace: Pace, reaction: Reaction = 'answered', durationMs = 5): number {
  const { limit } = pace;
  for (let n = 0; n < limit; n += 1) pace.learn(durationMs, reaction, true);
  return limit;
}

const windows = (pace: Pace, count: number, durationMs = 5): number[] =>
  Array.from({ length: count }, () => fullWindow(pace, 'answered', durationMs));

test('it begins with two and doubles with each window of quick answers, up to eight times the usual cap', () => {
  expect(windows(new Pace(4), 6)).toEqual([2, 4, 8, 16, 32, 32]);
});

test('a receiver that takes a second gets the usual cap and no more, one that takes three stays at two', () => {
  expect(windows(new Pace(8), 5, 1000)).toEqual([2, 4, 8, 8, 8]);
  expect(windows(new Pace(8), 3, 3000)).toEqual([2, 2, 2]);
});

test('a cap that is not used does not grow, and shrinks to twice what is used', () => {
  const pace = new Pace(8);
  for (let n = 0; n < 100; n += 1) pace.learn(5, 'answered', false);
  expect(pace.limit).toBe(2);
  windows(pace, 6);
  expect(pace.limit).toBe(64);
  pace.relax(performance.now());
  pace.used(3);
  pace.relax(performance.now() + 4_000);
  expect(pace.limit).toBe(64);
  pace.relax(performance.now() + 6_000);
  expect(pace.limit).toBe(6);
});

test('a timeout halves the cap, and then it grows by one for each full window', () => {
  const pace = new Pace(8);
  windows(pace, 2);
  pace.learn(15_000, 'hung', true);
  expect(windows(pace, 3)).toEqual([4, 5, 6]);
});

test('a subscription that limits itself is obeyed at once, whether it asks for less or for more', () => {
  const pace = new Pace(8);
  windows(pace, 8);
  pace.follow(3);
  expect(pace.limit).toBe(3);
  windows(pace, 5);
  expect(pace.limit).toBe(3);
  pace.follow(200);
  windows(pace, 10);
  expect(pace.limit).toBe(200);
});

test('after an outage it begins with one request and doubles with each window', () => {
  const pace = new Pace(8);
  windows(pace, 8);
  pace.learn(15_000, 'hung', true);
  pace.restart();
  expect(windows(pace, 4)).toEqual([1, 2, 4, 8]);
});

test('a timeout makes a receiver slow for half a minute, or until it answers quickly for a full window', () => {
  const pace = new Pace(8);
  windows(pace, 2);
  pace.learn(1000, 'hung', true);
  expect(pace.isSlow(performance.now() + 29_000)).toBe(true);
  expect(pace.isSlow(performance.now() + 31_000)).toBe(false);
  fullWindow(pace);
  expect(pace.isSlow(performance.now())).toBe(false);
});

test('a receiver that always takes three seconds is slow, one that refuses at once is not', () => {
  const late = new Pace(8);
  for (let n = 0; n < 20; n += 1) late.learn(3000, 'answered', true);
  expect(late.isSlow(performance.now())).toBe(true);
  const refusing = new Pace(8);
  for (let n = 0; n < 20; n += 1) refusing.learn(1, 'refused', true);
  expect([refusing.isSlow(performance.now()), refusing.limit]).toEqual([false, 1]);
});

test('what was never sent teaches nothing', () => {
  const pace = new Pace(8);
  pace.learn(0, 'nothing', true);
  expect([pace.isProven, pace.limit]).toEqual([false, 2]);
});
