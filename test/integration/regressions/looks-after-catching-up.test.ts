import { afterAll, beforeAll, expect, test } from 'vitest';
import { Reconciliation } from '#libs/deliveries';
import { DEFAULT_TENANT_ID, newId } from '#libs/kernel';
import { ReconciliationOptions } from '../../../libs/deliveries/src/reconciliation/reconciliation-options.js';
import { ReconciliationRound } from '../../../libs/deliveries/src/reconciliation/reconciliation-round.js';
import { Engine } from '../deliveries/engine.js';

let engine: Engine;

beforeAll(async () => {
  engine = await Engine.start();
  await engine.app.get(Reconciliation).stop();
});
afterAll(() => engine.stop());

/** Four seconds of 10,000 deliveries each; whoever looks may see the first three of them. */
async function acceptAround(now: Date): Promise<void> {
  await engine.db.query(
    `INSERT INTO event (id, tenant_id, type, occurred_at, accepted_at, data, subscription_ids)
     SELECT gen_random_uuid(), $1, 'a.b', $3, $3::timestamptz + (n - 30000) * interval '0.1 ms', '{}', ARRAY[$2::uuid]
     FROM generate_series(1, 40000) AS n`,
    [DEFAULT_TENANT_ID, newId(), now],
  );
  await engine.db.query(
    `INSERT INTO delivery (id, tenant_id, event_id, subscription_id, event_type, status, reason, next_attempt_at, created_at)
     SELECT gen_random_uuid(), tenant_id, id, subscription_ids[1], type, 'exhausted', 'test', NULL, accepted_at FROM event`,
  );
  await engine.db.query(
    `UPDATE reconciliation SET checked_until = date_trunc('milliseconds', (SELECT min(accepted_at) FROM event))`,
  );
}

test('a busy platform that is caught up with is not looked at in larger pieces again', async () => {
  const options = Object.assign(new ReconciliationOptions(), { lagMs: 0, budgetMs: 60_000 });
  const settings = { options, budgetMs: options.budgetMs, isRequested: false, retentionDays: 7 };
  const reach = { ms: 1_000 };
  // Nobody looks beyond the beginning of a transaction that is open.
  const { isCaughtUp } = await engine.db.transaction(async (open) => {
    const [row] = await open.query<{ now: Date }>('SELECT now()');
    await acceptAround(row?.now ?? new Date());
    return engine.db.transaction((tx) => new ReconciliationRound(tx, settings, reach).run());
  });
  expect(isCaughtUp).toBe(true);
  const sizes = await engine.db.query<{ accepted: number }>(
    'SELECT accepted FROM reconciliation_window WHERE accepted > 0 ORDER BY started_at',
  );
  expect(sizes.slice(0, 3).map(({ accepted }) => Math.round(accepted / 1_000))).toEqual([10, 5, 5]);
  expect(reach.ms).toBe(500);
});
