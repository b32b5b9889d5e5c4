import { beforeEach, expect, test } from 'vitest';
import type { Engine } from './engine.js';
import { TwoEngines } from './two-engines.js';

/** Which share one limit. */
const platform = new TwoEngines();
let engine: Engine;
beforeEach(() => {
  engine = platform.engine;
  engine.receiver.behave(200);
});

async function limited(perSecond: number | null, scheduleSeconds = [3600]): Promise<string> {
  const id = await engine.subscribe({ scheduleSeconds });
  await engine.db.query('UPDATE subscription SET rate_limit_per_second = $2 WHERE id = $1', [id, perSecond]);
  await platform.refresh();
  return id;
}

const publish = (count: number): Promise<unknown> =>
  Promise.all(
    Array.from({ length: count }, (_, n) => (n % 2 === 0 ? engine : platform.twin).publish({ data: { n } })),
  );

/** What is in the bucket at most goes out at once; everything after it has to wait for its token. */
const leastSeconds = (count: number, rate: number): number => (count - 1 - rate * 0.1) / rate;

test.each([
  [20, 40],
  [100, 200],
])(
  'at %i a second, %i deliveries take about two, whoever of two dispatchers sends them',
  async (rate, count) => {
    await limited(rate);
    const startedAt = Date.now();
    await publish(count);
    await engine.receiver.receives(count);
    expect((Date.now() - startedAt) / 1000).toBeGreaterThanOrEqual(leastSeconds(count, rate));
    expect(new Set(engine.receiver.deliveries.map(({ headers }) => headers['webhook-id'])).size).toBe(count);
  },
);

test('retries count', async () => {
  await limited(20, [0, 0, 0, 0, 0]);
  const everyOther = Array.from({ length: 40 }, (_, n) => (n % 2 === 0 ? 500 : 200));
  engine.receiver.behave(500, ...everyOther, 200);
  const startedAt = Date.now();
  await publish(20);
  await engine.receiver.receives(40);
  expect((Date.now() - startedAt) / 1000).toBeGreaterThanOrEqual(leastSeconds(40, 20));
});

test('a limit that is taken away lets everything go at once', async () => {
  const id = await limited(1);
  await publish(100);
  await engine.receiver.receives(1);
  await engine.db.query('UPDATE subscription SET rate_limit_per_second = NULL WHERE id = $1', [id]);
  await engine.receiver.receives(100);
});
