import { expect, test } from 'vitest';
import { Lane } from './lane.js';

const task = { delivery: {} as never, receipt: {} as never };
const fill = (lane: Lane, count: number): void =>
  void lane.waiting.push(...Array.from({ length: count }, () => task));

/** Starts as many tasks as the cap allows. */
function startAll(lane: Lane): ((isSlow: boolean) => void)[] {
  const ends: ((isSlow: boolean) => void)[] = [];
  while (lane.canStart()) {
    lane.waiting.shift();
    ends.push(lane.begin());
  }
  return ends;
}

test('the cap doubles with each window of quick answers, up to eight times its start', () => {
  const lane = new Lane('s', 4, null);
  const windows = [4, 8, 16, 32, 32].map(() => {
    fill(lane, 100 - lane.waiting.length);
    const ends = startAll(lane);
    ends.forEach((end) => end(false));
    return ends.length;
  });
  expect(windows).toEqual([4, 8, 16, 32, 32]);
});

test('a timeout halves the cap, and then it grows by one for each full window', () => {
  const lane = new Lane('s', 8, null);
  fill(lane, 100);
  startAll(lane).forEach((end, index) => end(index === 7));
  const windows = [7, 8, 9].map(() => {
    const ends = startAll(lane);
    ends.forEach((end) => end(false));
    return ends.length;
  });
  expect(windows).toEqual([7, 8, 9]);
});

test('a cap that the subscription sets is never passed', () => {
  const lane = new Lane('s', 8, 2);
  fill(lane, 50);
  for (let round = 0; round < 5; round += 1) {
    const ends = startAll(lane);
    expect(ends).toHaveLength(2);
    ends.forEach((end) => end(false));
  }
});

test('a lane that answers is not congested however much waits, and nothing is taken out', () => {
  const lane = new Lane('s', 8, null);
  fill(lane, 500);
  startAll(lane);
  expect(lane.isCongested()).toBe(false);
  expect(lane.takeExcess()).toEqual([]);
});
