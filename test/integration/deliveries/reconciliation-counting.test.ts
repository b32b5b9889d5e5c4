import { afterAll, beforeAll, expect, test } from 'vitest';
import { Reconciliation, type ReconciliationView } from '#libs/deliveries';
import { ReconciliationOptions } from '../../../libs/deliveries/src/reconciliation/reconciliation-options.js';
import { eventually } from '../../support/eventually.js';
import { Engine, uuidOf } from './engine.js';

let engine: Engine;
let reconciliation: Reconciliation;
let options: ReconciliationOptions;

beforeAll(async () => {
  engine = await Engine.start();
  reconciliation = engine.app.get(Reconciliation);
  options = engine.app.get(ReconciliationOptions);
  Object.assign(options, { everyMs: 20, restFactor: 1, lagMs: 0, settledAfterMs: 0, againAfterMs: 0 });
  engine.receiver.behave(200);
  await engine.subscribe();
});
afterAll(() => engine.stop());

const NEVER_COUNTED = `
CREATE FUNCTION never_end() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(3600); RETURN NULL; END';
CREATE TRIGGER slow_count BEFORE UPDATE OF counted_found ON reconciliation_total EXECUTE FUNCTION never_end()`;
const COUNTED_AGAIN = 'DROP FUNCTION never_end CASCADE';

const read = (): Promise<ReconciliationView> => reconciliation.report({ limit: 100 });

async function delivered(): Promise<string> {
  const { id } = await engine.publish();
  await engine.settled(id, 'delivered');
  return id;
}

test('too much to count keeps no repair back, and the numbers stay those of the last count', async () => {
  const lost = await delivered();
  await eventually(async () => expect((await read()).totals).toMatchObject({ accepted: 1, delivered: 1 }));
  await reconciliation.stop();
  await engine.db.query(NEVER_COUNTED);
  const { checkedUntil, ranAt, totals } = await read();
  options.countWithinMs = 20;
  await delivered();
  await engine.db.query('DELETE FROM delivery WHERE event_id = $1', [uuidOf(lost)]);
  reconciliation.start();
  await engine.settled(lost, 'delivered');
  await eventually(async () => {
    const { repaired, ...report } = await read();
    expect(repaired[0]?.sample[0]?.eventId).toBe(lost);
    expect(report).toMatchObject({ checkedUntil, totals, balanced: true });
    expect(Date.parse(report.ranAt ?? '')).toBeGreaterThan(Date.parse(ranAt ?? ''));
  });
  options.countWithinMs = 20_000;
  await engine.db.query(COUNTED_AGAIN);
  await eventually(async () => {
    const report = await read();
    expect(report.totals).toMatchObject({ accepted: 2, delivered: 2 });
    expect(Date.parse(report.checkedUntil)).toBeGreaterThan(Date.parse(checkedUntil));
  });
});
