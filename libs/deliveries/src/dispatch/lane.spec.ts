import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { dialectOf } from '#libs/signing';
import { Lane, NONE_CARRIED, type Origin, type Task } from './lane.js';
import type { Kind } from './slots.js';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

const ACCOUNT = { appId: 'app-1', account: '593652' };
const RECEIPT = { done: () => undefined, failed: () => undefined };

function fill(lane: Lane, count: number, origin: Origin = 'intake', attemptCount = 0): Task[] {
  return Array.from({ length: count }, () => {
    const delivery = { attemptCount } as Task['delivery'];
    const task: Task = {
      delivery,
      receipt: RECEIPT,
      origin,
      lane,
      kind: 'first',
      startedAt: 0,
      carried: NONE_CARRIED,
    };
    lane.push(task);
    return task;
  });
}

/** Starts as many tasks of a kind as may start. */
function startAll(lane: Lane, kind: Kind): Task[] {
  const started: Task[] = [];
  for (let task = lane.start(kind); task !== undefined; task = lane.start(kind)) started.push(task);
  return started;
}

const pass = (ms: number): void => void vi.advanceTimersByTime(ms);

/** A lane of the usual cap of eight, whose receiver has answered each request after this time. */
function proven(durationMs = 300): Lane {
  const lane = new Lane('s', 't', 8);
  for (let window = 0; window < 20; window += 1) {
    fill(lane, 8);
    const started = [...startAll(lane, 'trial'), ...startAll(lane, 'first'), ...startAll(lane, 'slow')];
    pass(durationMs);
    for (const task of started) lane.end(task, 'answered');
  }
  lane.takeAll();
  return lane;
}

test('before the first answer everything is a trial, afterwards first attempts and the rest are told apart', () => {
  const fresh = new Lane('s', 't', 8);
  fill(fresh, 5);
  expect([fresh.offers('first'), startAll(fresh, 'trial').length]).toEqual([false, 2]);
  const lane = proven();
  fill(lane, 3);
  fill(lane, 2, 'feeder');
  fill(lane, 2, 'intake', 1);
  expect([lane.offers('first'), lane.offers('again'), lane.offers('trial')]).toEqual([true, true, false]);
  expect([startAll(lane, 'first').length, startAll(lane, 'again').length]).toEqual([3, 4]);
});

test('a request that hangs makes the lane slow before any timeout', () => {
  const lane = proven();
  fill(lane, 4);
  startAll(lane, 'first');
  pass(2100);
  fill(lane, 1);
  lane.judge(performance.now());
  expect([lane.isSlow, lane.offers('first'), lane.offers('slow')]).toEqual([true, false, true]);
  expect([...lane.inFlightTasks()]).toHaveLength(4);
});

test('in the slow lane retries and first attempts alternate', () => {
  const lane = proven();
  lane.isSlow = true;
  const tasks = [...fill(lane, 3), ...fill(lane, 3, 'feeder', 1)];
  const order = startAll(lane, 'slow').map((task) => tasks.indexOf(task));
  expect(order.map((index) => (index < 3 ? 'first' : 'again'))).toEqual([
    'again',
    'first',
    'again',
    'first',
    'again',
    'first',
  ]);
});

test('a lane that will have started all within two seconds is not congested, and nothing is taken out', () => {
  const lane = proven();
  fill(lane, 48);
  startAll(lane, 'first');
  expect(lane.isCongested()).toBe(false);
  expect(lane.takeExcess(performance.now())).toEqual([]);
});

test('of a receiver that takes a second, what would wait longer than two goes back, the newest first', () => {
  const lane = proven(1000);
  const tasks = fill(lane, 100);
  startAll(lane, 'first');
  expect(lane.isCongested()).toBe(true);
  const excess = lane.takeExcess(performance.now());
  expect(lane.waiting).toBeGreaterThanOrEqual(8);
  expect(lane.waiting).toBeLessThanOrEqual(24);
  expect(excess).toEqual(tasks.slice(-excess.length));
  expect(lane.isCongested()).toBe(false);
});

test('when nothing has started for two seconds everything that waits goes back, and there is room for nothing', () => {
  const lane = proven();
  fill(lane, 12);
  const started = startAll(lane, 'first');
  pass(2100);
  expect(lane.takeExcess(performance.now())).toHaveLength(12 - started.length);
  expect(lane.room(performance.now())).toBeLessThanOrEqual(0);
  expect(lane.takeRelief()).toBe(true);
  expect(lane.takeRelief()).toBe(false);
});

test('without a slot for it a lane gives back what waits after two seconds', () => {
  const lane = proven();
  fill(lane, 3);
  expect(lane.takeExcess(performance.now())).toEqual([]);
  pass(2100);
  expect(lane.takeExcess(performance.now())).toHaveLength(3);
});

test('a thin lane has one request at a time, and room for all that one request can stand for', () => {
  const lane = proven(1500);
  lane.follow({ dialect: dialectOf({ profile: 'kloudless', profileConfig: ACCOUNT }, ''), maxInFlight: 8 });
  fill(lane, 900);
  expect(startAll(lane, 'first')).toHaveLength(1);
  expect(lane.isCongested()).toBe(false);
  expect(lane.room(performance.now())).toBe(101);
  fill(lane, 102);
  expect(lane.takeExcess(performance.now())).toHaveLength(1);
  pass(2100);
  expect(lane.takeExcess(performance.now())).toHaveLength(1000);
  lane.follow({ dialect: dialectOf({ profile: 'standard' }, ''), maxInFlight: null });
  fill(lane, 8);
  expect([lane.isThin, startAll(lane, 'first').length > 1]).toEqual([false, true]);
});

test('a lane is forgotten a minute after its last work', () => {
  const lane = proven();
  pass(59_000);
  expect(lane.isForgotten(performance.now())).toBe(false);
  pass(2_000);
  expect(lane.isForgotten(performance.now())).toBe(true);
  fill(lane, 1);
  expect(lane.isForgotten(performance.now())).toBe(false);
});
