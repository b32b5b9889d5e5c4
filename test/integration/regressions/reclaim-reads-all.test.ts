import { afterEach, beforeEach, expect, test } from 'vitest';
import { DEFAULT_TENANT_ID, newId } from '#libs/kernel';
import { RECLAIM } from '../../../libs/deliveries/src/feed/feed.sql.js';
import { Engine } from '../deliveries/engine.js';

let engine: Engine;
beforeEach(async () => {
  engine = await Engine.start();
});
afterEach(() => engine.stop());

/** Once a second it read the whole table: 40 ms of a processor with 100,000 deliveries, lease or no lease. */
test('what lost its worker is found through the events of its lease, however many deliveries there are', async () => {
  await engine.db.query(
    `INSERT INTO delivery (id, tenant_id, event_id, subscription_id, event_type, status, next_attempt_at)
     SELECT gen_random_uuid(), $1, gen_random_uuid(), $2, 'a.b', 'delivered', NULL FROM generate_series(1, 10000)`,
    [DEFAULT_TENANT_ID, newId()],
  );
  await engine.db.query('ANALYZE delivery');
  const explain = { ...RECLAIM, name: 'explained', text: `EXPLAIN ${RECLAIM.text}` };
  const plan = await engine.db.query<Record<string, string>>(explain);
  const lines = plan.flatMap((row) => Object.values(row)).join('\n');
  expect(lines).toContain('delivery_event_subscription_key');
  expect(lines).not.toMatch(/Seq Scan on delivery d\b/);
});
