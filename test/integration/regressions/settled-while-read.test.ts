import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DatabaseClient } from '#libs/database';
import { DeliveryLog } from '#libs/deliveries';
import { DEFAULT_TENANT_ID } from '#libs/kernel';
import { eventuallyGives } from '../../support/eventually.js';
import { Engine } from '../deliveries/engine.js';

let engine: Engine;
beforeEach(async () => {
  engine = await Engine.start();
});
afterEach(() => engine.stop());

/** Resolves once another connection waits for the lock on the attempts. */
async function someoneWaits(): Promise<void> {
  await eventuallyGives(async () => {
    const waiting = await engine.db.query(
      `SELECT FROM pg_locks WHERE NOT granted AND relation = 'delivery_attempt'::regclass`,
    );
    return waiting.length > 0;
  });
}

async function settle(client: DatabaseClient): Promise<void> {
  await client.query(
    `INSERT INTO delivery_attempt (delivery_id, fence, started_at, number, tenant_id, subscription_id, url, duration_ms, outcome)
     SELECT id, fence, now(), 1, tenant_id, subscription_id, 'https://example.com/', 5, 'delivered' FROM delivery`,
  );
  await client.query(`UPDATE delivery SET status = 'delivered', attempt_count = 1, next_attempt_at = NULL`);
}

test('a delivery that is settled while it is read shows one moment, never a new attempt beside the old status', async () => {
  await engine.subscribe({ status: 'paused' });
  const { id: eventId } = await engine.publish();
  const log = engine.app.get(DeliveryLog);
  const { data } = await log.list({ tenantId: DEFAULT_TENANT_ID, eventId, limit: 1 });
  const id = data[0]?.id ?? '';
  const reading = await engine.db.transaction(async (client) => {
    await client.query('LOCK TABLE delivery_attempt IN ACCESS EXCLUSIVE MODE');
    const begun = log.get(DEFAULT_TENANT_ID, id);
    await someoneWaits();
    await settle(client);
    return { begun };
  });
  expect(await reading.begun).toMatchObject({ status: 'pending', attemptCount: 0, attempts: [] });
  const after = { status: 'delivered', attemptCount: 1, attempts: [{ number: 1 }] };
  expect(await log.get(DEFAULT_TENANT_ID, id)).toMatchObject(after);
});
