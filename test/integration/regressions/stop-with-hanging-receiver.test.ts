import { afterEach, beforeEach, expect, test } from 'vitest';
import { DeliveryWorker, Feeder } from '#libs/deliveries';
import { Engine } from '../deliveries/engine.js';

let engine: Engine;
beforeEach(async () => {
  engine = await Engine.start();
});
afterEach(() => engine.stop());

const GRACE_MS = 50;

/** Of all deliveries without a lease. */
const givenBack = (): Promise<object[]> =>
  engine.db.query(
    'SELECT status, fence, attempt_count, next_attempt_at <= now() AS is_due FROM delivery WHERE lease_until IS NULL',
  );

test('what still hangs when the grace of a stop is over is given back, and the stop does not wait for it', async () => {
  await engine.subscribe({ timeoutMs: 20_000 });
  engine.receiver.behave({ hang: true });
  await engine.publish();
  await engine.receiver.receives(1);

  await engine.app.get(DeliveryWorker).stop(GRACE_MS);

  expect(await givenBack()).toEqual([{ status: 'pending', fence: 1, attempt_count: 0, is_due: true }]);
});

test('so is a retry, which the feeder brought and no message stands for', async () => {
  await engine.subscribe({ timeoutMs: 20_000, scheduleSeconds: [0, 0, 60] });
  engine.receiver.behave(500, { hang: true });
  await engine.publish();
  await engine.receiver.receives(2);

  const feeding = engine.app.get(Feeder).stop();
  await engine.app.get(DeliveryWorker).stop(GRACE_MS, feeding);

  expect(await givenBack()).toEqual([{ status: 'pending', fence: 2, attempt_count: 1, is_due: true }]);
});

test('a retry that is answered within the grace is recorded before the stop is over', async () => {
  await engine.subscribe({ scheduleSeconds: [0, 0, 60] });
  engine.receiver.behave(500, { status: 200, delayMs: 300 });
  await engine.publish();
  await engine.receiver.receives(2);

  const feeding = engine.app.get(Feeder).stop();
  await engine.app.get(DeliveryWorker).stop(5000, feeding);

  expect(await givenBack()).toMatchObject([{ status: 'delivered', attempt_count: 2 }]);
});
