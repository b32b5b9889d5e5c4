import { beforeEach, expect, test } from 'vitest';
import { DeliveryLog, DeliveryRetry, Overview } from '#libs/deliveries';
import { DEFAULT_TENANT_ID, toTypeId } from '#libs/kernel';
import { MetricsRegistry } from '#libs/observability';
import { eventuallyGives } from '../../support/eventually.js';
import type { Engine } from './engine.js';
import { TwoEngines } from './two-engines.js';

const platform = new TwoEngines();
let engine: Engine;
let subscription: string;
beforeEach(async () => {
  engine = platform.engine;
  engine.receiver.behave(500);
  subscription = await engine.subscribe({ scheduleSeconds: [3600] });
  await platform.refresh();
});

const publish = async (count: number, by = engine): Promise<string[]> =>
  Promise.all(Array.from({ length: count }, async (_, n) => (await by.publish({ data: { n } })).id));

const gate = async (): Promise<{ open_for: number; opened_count: number } | undefined> => {
  const [row] = await engine.db.query<{ open_for: number; opened_count: number }>(
    `SELECT extract(epoch FROM open_until - now())::float AS open_for, opened_count
     FROM subscription_gate WHERE subscription_id = $1`,
    [subscription],
  );
  return row;
};

const deliveries = async (condition: string): Promise<number> => {
  const [row] = await engine.db.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM delivery WHERE subscription_id = $1 AND ${condition}`,
    [subscription],
  );
  return row?.count ?? 0;
};

/** Fails until the circuit is open and everything else waits in PostgreSQL; how many attempts that took. */
async function openedCircuit(): Promise<number> {
  await publish(40);
  await eventuallyGives(gate);
  await eventuallyGives(async () => {
    const atRest = await deliveries('next_attempt_at IS NOT NULL AND lease_until IS NULL');
    return atRest === 40;
  });
  return engine.receiver.requests.length;
}

/** The minute is over. */
const elapse = (): Promise<unknown> =>
  engine.db.query(
    `WITH moved AS (UPDATE subscription_gate SET open_until = now() WHERE subscription_id = $1)
     SELECT pg_notify('bellhop_due', '')`,
    [subscription],
  );

test('after ten failures in a row no attempt is burned on a receiver that is down, by any process', async () => {
  const attempts = await openedCircuit();
  expect(attempts).toBeGreaterThanOrEqual(10);
  expect(attempts).toBeLessThan(40);
  await eventuallyGives(async () => {
    await publish(1, platform.twin);
    return (await deliveries('attempt_count = 0 AND fence = 0')) >= 5;
  });
  expect(engine.receiver.requests).toHaveLength(attempts);
  expect(await deliveries('attempt_count > 1')).toBe(0);
  expect(await deliveries(`status = 'pending'`)).toBeGreaterThanOrEqual(45);
});

test('the log, the metrics and the overview tell what waits for a probe, and none raises an alarm', async () => {
  await openedCircuit();
  const [row] = await engine.db.query<{ id: string }>(
    'SELECT id FROM delivery WHERE subscription_id = $1 AND attempt_count = 0 LIMIT 1',
    [subscription],
  );
  const { next } = await engine.app.get(DeliveryLog).get(DEFAULT_TENANT_ID, toTypeId('dlv', row?.id ?? ''));
  expect(next).toMatch(
    /^Attempt 1 waits: the receiver failed again and again\. One delivery .+ is tried at /,
  );
  expect((await engine.app.get(Overview).read()).oldestDueSeconds).toBeNull();
  const metrics = await engine.app.get(MetricsRegistry).text();
  expect(metrics).toMatch(/^bellhop_circuits_open 1$/m);
  expect(metrics).toMatch(/^bellhop_circuits_opened_total [1-9]/m);
  expect(metrics).toMatch(/^bellhop_deliveries_deferred_total [1-9]/m);
});

test('when its time is over one single probe is sent, and its failure keeps the rest back', async () => {
  const attempts = await openedCircuit();
  engine.receiver.behave({ delayMs: 400, status: 503 });
  await elapse();
  await eventuallyGives(async () => (await gate())?.opened_count === 2);
  expect(engine.receiver.requests).toHaveLength(attempts + 1);
  expect((await gate())?.open_for).toBeGreaterThan(12);
});

test('a probe that succeeds lets everything go, at first one by one', async () => {
  const attempts = await openedCircuit();
  engine.receiver.behave({ delayMs: 60, status: 200 });
  await elapse();
  await eventuallyGives(async () => (await deliveries(`attempt_count = 0`)) === 0);
  await eventuallyGives(async () => (await gate()) === undefined);
  const sent = engine.receiver.requests.slice(attempts).map(({ receivedAt }) => receivedAt.getTime());
  const within = (ms: number): number => sent.filter((at) => at - (sent[0] ?? 0) < ms).length;
  // The probe alone; then each of the two dispatchers begins with one.
  expect(within(55)).toBe(1);
  expect(within(115)).toBeLessThanOrEqual(3);
});

test('a retry by hand closes the circuit, since somebody expects the receiver to be well', async () => {
  await openedCircuit();
  engine.receiver.behave(200);
  const [row] = await engine.db.query<{ id: string }>(
    'SELECT id FROM delivery WHERE subscription_id = $1 AND attempt_count = 1 LIMIT 1',
    [subscription],
  );
  await engine.app.get(DeliveryRetry).retry(DEFAULT_TENANT_ID, toTypeId('dlv', row?.id ?? ''));
  await eventuallyGives(async () => (await deliveries(`attempt_count = 0`)) === 0);
  expect(await gate()).toBeUndefined();
});

test('a pause and a resume close it too, and the backlog goes out', async () => {
  await openedCircuit();
  engine.receiver.behave(200);
  await engine.db.query(`UPDATE subscription SET status = 'paused' WHERE id = $1`, [subscription]);
  await engine.db.query(`UPDATE subscription SET status = 'active' WHERE id = $1`, [subscription]);
  await eventuallyGives(async () => (await deliveries(`attempt_count = 0`)) === 0);
});
