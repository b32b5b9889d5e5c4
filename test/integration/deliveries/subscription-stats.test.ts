import { afterAll, beforeAll, expect, test } from 'vitest';
import { SubscriptionStats } from '#libs/deliveries';
import { Database } from '#libs/database';
import { DEFAULT_TENANT_ID } from '#libs/kernel';
import { eventually } from '../../support/eventually.js';
import { Engine } from './engine.js';

const NOTHING = {
  deliveries: { pending: 0, delivered: 0, exhausted: 0, discarded: 0 },
  attempts: 0,
  successRate: null,
  latencyMs: null,
};

let engine: Engine;
beforeAll(async () => {
  engine = await Engine.start();
});
afterAll(() => engine.stop());

const read = (id: string) => engine.app.get(SubscriptionStats).read(DEFAULT_TENANT_ID, id);

test('a subscription’s deliveries, attempts and latencies are told of the last hour and the last day', async () => {
  const id = await engine.subscribe({ scheduleSeconds: [0] });
  expect(await read(id)).toEqual({
    lastHour: NOTHING,
    lastDay: NOTHING,
    lastSuccessAt: null,
    lastFailureAt: null,
    isComplete: true,
  });
  engine.receiver.behave(200, 500, 503);
  await engine.settled((await engine.publish()).id, 'delivered');
  await engine.settled((await engine.publish()).id, 'exhausted');
  const counted = {
    deliveries: { pending: 0, delivered: 1, exhausted: 1, discarded: 0 },
    attempts: 3,
    successRate: 1 / 3,
  };
  await eventually(async () =>
    expect(await read(id)).toMatchObject({ lastHour: counted, lastDay: counted, isComplete: true }),
  );
  const { lastDay, lastSuccessAt, lastFailureAt } = await read(id);
  const { p50 = 0, p95 = 0, p99 = 0 } = lastDay.latencyMs ?? {};
  expect([p50, p95, p99]).toEqual([p50, p95, p99].toSorted((a, b) => a - b));
  expect(p50).toBeGreaterThan(0);
  expect(lastFailureAt?.getTime()).toBeGreaterThanOrEqual(lastSuccessAt?.getTime() ?? Infinity);
  const other = '01900000-0000-7000-8000-0000000000ff';
  expect(await engine.app.get(SubscriptionStats).read(other, id)).toMatchObject({ lastDay: NOTHING });
});

test('what is older than an hour is of the day alone', async () => {
  const id = await engine.subscribe({ scheduleSeconds: [] });
  engine.receiver.behave(200);
  await engine.publish();
  await eventually(async () => expect(await read(id)).toMatchObject({ lastHour: { attempts: 1 } }));
  const database = engine.app.get(Database, { strict: false });
  await database.query(
    `UPDATE delivery SET created_at = now() - interval '2 hours' WHERE subscription_id = $1`,
    [id],
  );
  await database.query(
    `UPDATE delivery_attempt SET started_at = now() - interval '2 hours' WHERE subscription_id = $1`,
    [id],
  );
  const { lastHour, lastDay } = await read(id);
  expect(lastHour).toEqual(NOTHING);
  expect(lastDay).toMatchObject({ deliveries: { delivered: 1 }, attempts: 1, successRate: 1 });
});
