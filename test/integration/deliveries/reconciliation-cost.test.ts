import { afterAll, beforeAll, expect, test } from 'vitest';
import { Reconciliation } from '#libs/deliveries';
import { DEFAULT_TENANT_ID, newId } from '#libs/kernel';
import { BY_INDEX } from '../../../libs/deliveries/src/reconciliation/look.sql.js';
import { ReconciliationOptions } from '../../../libs/deliveries/src/reconciliation/reconciliation-options.js';
import { COUNT_STATES } from '../../../libs/deliveries/src/reconciliation/states.sql.js';
import { eventually } from '../../support/eventually.js';
import { Engine } from './engine.js';

const EVENTS = 30_000;
const subscriptionId = newId();

let engine: Engine;
let reconciliation: Reconciliation;

/** A busy half minute that nobody has looked at, in a database that nobody has vacuumed. */
beforeAll(async () => {
  engine = await Engine.start();
  reconciliation = engine.app.get(Reconciliation);
  await reconciliation.stop();
  await engine.db.query(
    `INSERT INTO event (id, tenant_id, type, occurred_at, accepted_at, data, subscription_ids)
     SELECT gen_random_uuid(), $1, 'a.b', now(), now() - (${2 * EVENTS} - n) * interval '1 ms',
       convert_to(repeat('x', 500), 'UTF8'), ARRAY[$2::uuid]
     FROM generate_series(1, ${EVENTS}) AS n`,
    [DEFAULT_TENANT_ID, subscriptionId],
  );
  await engine.db.query(
    `INSERT INTO delivery (id, tenant_id, event_id, subscription_id, event_type, status, attempt_count, next_attempt_at, created_at)
     SELECT gen_random_uuid(), tenant_id, id, $1, type, 'delivered', 1, NULL, accepted_at FROM event`,
    [subscriptionId],
  );
  await engine.db.query(
    `UPDATE reconciliation SET ran_at = NULL, checked_until = date_trunc('milliseconds', (SELECT min(accepted_at) FROM event))`,
  );
});
afterAll(() => engine.stop());

interface PlanNode {
  readonly 'Lossy Heap Blocks'?: number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly PlanNode[];
}

/** Every node of the plan that the statement was run with, by index as reconciliation does, and rolled back. */
async function planOf(statement: string): Promise<PlanNode[]> {
  const nodes = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodes)];
  let plan: PlanNode | undefined;
  const run = engine.db.transaction(async (tx) => {
    await tx.query(BY_INDEX);
    const [row] = await tx.query<{ 'QUERY PLAN': readonly { Plan: PlanNode }[] }>(
      `EXPLAIN (ANALYZE, FORMAT JSON) ${statement}`,
    );
    plan = row?.['QUERY PLAN'][0]?.Plan;
    throw new Error('rolled back');
  });
  await expect(run).rejects.toThrow('rolled back');
  return plan === undefined ? [] : nodes(plan);
}

const most = (plan: readonly PlanNode[], of: 'Lossy Heap Blocks' | 'Rows Removed by Filter'): number =>
  Math.max(0, ...plan.map((node) => node[of] ?? 0));

test('who is behind goes on after its rest, and reads the pages of each window alone', async () => {
  const pages = (): Promise<PlanNode[]> =>
    planOf(`SELECT id FROM event WHERE accepted_at > now() - interval '45 seconds'
      AND accepted_at < now() - interval '44 seconds'`);
  const everything = most(await pages(), 'Lossy Heap Blocks');
  Object.assign(engine.app.get(ReconciliationOptions), { everyMs: 3_600_000, restFactor: 0, budgetMs: 0 });
  reconciliation.start();
  await eventually(async () => {
    const { totals } = await reconciliation.report({ limit: 1 });
    expect(totals).toMatchObject({ accepted: EVENTS, delivered: EVENTS });
  });
  await reconciliation.stop();
  expect(everything).toBeGreaterThan(2_000);
  expect(most(await pages(), 'Lossy Heap Blocks')).toBeLessThan(everything / 10);
});

test('what is on its way is counted by its leases, not by reading all deliveries', async () => {
  await engine.db.query(
    `INSERT INTO delivery_lease (id, lease_until, deliveries, event_ids)
     SELECT gen_random_uuid(), now(), 1, ARRAY[gen_random_uuid()] FROM generate_series(1, 50000)`,
  );
  await engine.db.query('DELETE FROM delivery_lease');
  const plan = await planOf(COUNT_STATES.replaceAll('$1', 'now()'));
  expect(plan.length).toBeGreaterThan(5);
  expect(most(plan, 'Rows Removed by Filter')).toBeLessThan(100);
});
