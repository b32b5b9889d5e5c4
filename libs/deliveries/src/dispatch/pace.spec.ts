import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Pace, type Reaction } from './pace.js';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

/** As many requests as may be in flight, all with this end. */
function fullWindow(pace: Pace, reaction: Reaction = 'answered', durationMs = 5): number {
  const { limit } = pace;
  for (let n = 0; n < limit; n += 1) pace.learn(durationMs, reaction);
  return limit;
}

test('a receiver that has not answered yet gets two requests at once, then as many as is usual', () => {
  const pace = new Pace(8);
  expect(pace.limit).toBe(2);
  pace.learn(500, 'answered');
  expect(pace.limit).toBe(8);
});

test('the cap doubles with each window of quick answers, up to eight times its start', () => {
  const pace = new Pace(4);
  pace.learn(300, 'answered');
  expect([1, 2, 3, 4, 5].map(() => fullWindow(pace))).toEqual([4, 8, 16, 32, 32]);
});

test('a timeout halves the cap, and then it grows by one for each full window', () => {
  const pace = new Pace(8);
  pace.learn(300, 'answered');
  pace.learn(15_000, 'hung');
  expect([1, 2, 3].map(() => fullWindow(pace))).toEqual([4, 5, 6]);
});

test('a subscription that limits itself is obeyed at once, whether it asks for less or for more', () => {
  const pace = new Pace(8);
  for (let n = 0; n < 10; n += 1) fullWindow(pace);
  pace.follow(3);
  expect(pace.limit).toBe(3);
  for (let n = 0; n < 5; n += 1) fullWindow(pace);
  expect(pace.limit).toBe(3);
  pace.follow(200);
  for (let n = 0; n < 10; n += 1) fullWindow(pace);
  expect(pace.limit).toBe(200);
});

test('after an outage it begins with one request and doubles with each window', () => {
  const pace = new Pace(8);
  for (let n = 0; n < 10; n += 1) fullWindow(pace);
  pace.learn(15_000, 'hung');
  pace.restart();
  expect([1, 2, 3, 4].map(() => fullWindow(pace))).toEqual([1, 2, 4, 8]);
});

test('a timeout makes a receiver slow for half a minute, or until it answers quickly for a full window', () => {
  const pace = new Pace(8);
  pace.learn(300, 'answered');
  pace.learn(1000, 'hung');
  expect(pace.isSlow(performance.now() + 29_000)).toBe(true);
  expect(pace.isSlow(performance.now() + 31_000)).toBe(false);
  fullWindow(pace);
  expect(pace.isSlow(performance.now())).toBe(false);
});

test('a receiver that always takes three seconds is slow, one that refuses at once is not', () => {
  const late = new Pace(8);
  for (let n = 0; n < 20; n += 1) late.learn(3000, 'answered');
  expect(late.isSlow(performance.now())).toBe(true);
  const refusing = new Pace(8);
  for (let n = 0; n < 20; n += 1) refusing.learn(1, 'refused');
  expect([refusing.isSlow(performance.now()), refusing.limit]).toEqual([false, 1]);
});

test('what was never sent teaches nothing', () => {
  const pace = new Pace(8);
  pace.learn(0, 'nothing');
  expect([pace.isProven, pace.limit]).toEqual([false, 2]);
});
