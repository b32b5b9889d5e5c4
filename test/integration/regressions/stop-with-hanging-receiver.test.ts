import { afterEach, beforeEach, expect, test } from 'vitest';
import { DeliveryWorker } from '#libs/deliveries';
import { Engine } from '../deliveries/engine.js';

let engine: Engine;
beforeEach(async () => {
  engine = await Engine.start();
});
afterEach(() => engine.stop());

const GRACE_MS = 50;

test('what still hangs when the grace of a stop is over is given back, and the stop does not wait for it', async () => {
  await engine.subscribe({ timeoutMs: 20_000 });
  engine.receiver.behave({ hang: true });
  await engine.publish();
  await engine.receiver.receives(1);

  await engine.app.get(DeliveryWorker).stop(GRACE_MS);

  const rows = await engine.db.query(
    'SELECT status, fence, attempt_count, next_attempt_at <= now() AS is_due FROM delivery WHERE lease_until IS NULL',
  );
  expect(rows).toEqual([{ status: 'pending', fence: 1, attempt_count: 0, is_due: true }]);
});
