import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type DifferenceKind, Reconciliation, type ReconciliationView } from '#libs/deliveries';
import { DEFAULT_TENANT_ID, newId, toTypeId } from '#libs/kernel';
import { SubscriptionDirectory, SubscriptionsService } from '#libs/subscriptions';
import { ReconciliationOptions } from '../../../libs/deliveries/src/reconciliation/reconciliation-options.js';
import { eventually } from '../../support/eventually.js';
import { Engine, subscriptionId, uuidOf } from './engine.js';

let engine: Engine;
let reconciliation: Reconciliation;
let options: ReconciliationOptions;

beforeAll(async () => {
  engine = await Engine.start();
  reconciliation = engine.app.get(Reconciliation);
  options = engine.app.get(ReconciliationOptions);
  Object.assign(options, { everyMs: 20, restFactor: 1, lagMs: 0, settledAfterMs: 0, againAfterMs: 0 });
  await reconciliation.stop();
});
afterAll(() => engine.stop());

let subscription: string;
beforeEach(async () => {
  engine.receiver.behave(200);
  subscription = await engine.subscribe({ scheduleSeconds: [] });
});
afterEach(async () => {
  await reconciliation.stop();
  options.maxRepairs = 1000;
  await engine.app
    .get(SubscriptionsService)
    .remove({ tenantId: DEFAULT_TENANT_ID, id: subscription })
    .catch(() => undefined);
});

const read = (): Promise<ReconciliationView> => reconciliation.report({ limit: 100 });

/** What the report says of the test's subscription. */
async function numbers(): Promise<ReconciliationView['subscriptions'][number] | undefined> {
  const { subscriptions } = await read();
  return subscriptions.find((one) => one.subscriptionId === subscriptionId(subscription));
}

/** The ids of the events that a difference of this kind names. */
async function eventsWith(kind: DifferenceKind, list: 'differences' | 'repaired'): Promise<string[]> {
  const found = (await read())[list].find((one) => one.kind === kind);
  return found?.sample.map(({ eventId }) => eventId) ?? [];
}

async function delivered(): Promise<string> {
  const { id } = await engine.publish();
  await engine.settled(id, 'delivered');
  return id;
}

/** An event whose delivery waits because nobody takes it now. */
async function held(): Promise<string> {
  await engine.db.query(`UPDATE subscription SET status = 'paused' WHERE id = $1`, [subscription]);
  await engine.app.get(SubscriptionDirectory).refresh();
  return (await engine.publish()).id;
}

const change = (eventId: string, set: string): Promise<unknown[]> =>
  engine.db.query(`UPDATE delivery SET ${set} WHERE event_id = $1`, [uuidOf(eventId)]);
const lose = (eventId: string): Promise<unknown[]> =>
  engine.db.query('DELETE FROM delivery WHERE event_id = $1', [uuidOf(eventId)]);

/** Asks for repairs until it is so: what was accepted beside a transaction that is still open is not looked at yet. */
function repairs(probe: () => Promise<void>): Promise<void> {
  return eventually(async () => {
    await reconciliation.repairNow('key_of_the_test');
    await probe();
  });
}

describe('what was accepted', () => {
  test('is delivered, pending, exhausted or discarded, for each subscription', async () => {
    const gone = await engine.subscribe({ eventTypes: ['nothing.like.this'] });
    engine.receiver.behave(200, 500);
    await delivered();
    await engine.settled((await engine.publish()).id, 'exhausted');
    await held();
    await change(await held(), `status = 'discarded', reason = 'test', next_attempt_at = NULL`);
    reconciliation.start();
    await eventually(async () => {
      const counts = { accepted: 4, delivered: 1, pending: 1, exhausted: 1, discarded: 1 };
      expect(await numbers()).toMatchObject(counts);
      const { balanced, totals, tenants } = await read();
      expect(balanced).toBe(true);
      expect(totals).toEqual(counts);
      expect(tenants).toEqual([{ tenantId: toTypeId('ten', DEFAULT_TENANT_ID), ...counts }]);
    });
    expect((await read()).subscriptions.map((one) => one.subscriptionId)).not.toContain(subscriptionId(gone));
  });

  test('is counted though it was committed after its window was looked at', async () => {
    const eventId = newId();
    await engine.db.query(
      `INSERT INTO event (id, tenant_id, type, occurred_at, accepted_at, data, subscription_ids)
       VALUES ($1, $2, 'guestbook.entry.created', now(), now() - interval '1 second', '{}', $3)`,
      [eventId, DEFAULT_TENANT_ID, [subscription]],
    );
    reconciliation.start();
    await engine.settled(toTypeId('evt', eventId), 'delivered');
    await eventually(async () => expect(await numbers()).toMatchObject({ accepted: 1, delivered: 1 }));
  });

  test('may go to nobody, or may have been accepted before its plan was recorded', async () => {
    const [first, second] = [await delivered(), await delivered()];
    await engine.db.query('UPDATE event SET subscription_ids = NULL WHERE id = $1', [uuidOf(first)]);
    await engine.db.query(`UPDATE event SET subscription_ids = '{}' WHERE id = $1`, [uuidOf(second)]);
    await lose(second);
    reconciliation.start();
    await eventually(async () => {
      expect(await numbers()).toMatchObject({ accepted: 1, delivered: 1 });
      expect(await read()).toMatchObject({ balanced: true });
    });
  });
});

describe('a delivery that is lost', () => {
  test('is found, named, written again and delivered', async () => {
    const id = await delivered();
    reconciliation.start();
    await eventually(async () => expect(await numbers()).toMatchObject({ accepted: 1, delivered: 1 }));
    const before = engine.receiver.requests.length;
    await lose(id);
    await engine.settled(id, 'delivered');
    expect(engine.receiver.requests).toHaveLength(before + 1);
    await eventually(async () => {
      expect(await eventsWith('delivery_missing', 'repaired')).toContain(id);
      expect(await numbers()).toMatchObject({ accepted: 1, delivered: 1, pending: 0 });
      expect(await read()).toMatchObject({ balanced: true, differences: [] });
    });
  });

  test('is left to a person if many are, and written again when that person asks for it', async () => {
    const ids = [await delivered(), await delivered(), await delivered()];
    options.maxRepairs = 2;
    for (const id of ids) await lose(id);
    reconciliation.start();
    await eventually(async () => {
      expect(await eventsWith('delivery_missing', 'differences')).toEqual(expect.arrayContaining(ids));
      expect(await numbers()).toMatchObject({ accepted: 3, delivered: 0 });
      expect((await read()).balanced).toBe(false);
    });
    await reconciliation.stop();
    await reconciliation.repairNow('key_of_the_test');
    for (const id of ids) await engine.settled(id, 'delivered');
    expect(await read()).toMatchObject({ balanced: true, differences: [] });
  });

  test('is held if its subscription takes none now, and discarded if that is gone', async () => {
    const id = await held();
    await lose(id);
    await repairs(async () => {
      expect(await engine.deliveriesOf(id)).toMatchObject([{ status: 'pending', nextAttemptAt: null }]);
    });
    await engine.app.get(SubscriptionsService).remove({ tenantId: DEFAULT_TENANT_ID, id: subscription });
    await lose(id);
    await repairs(async () => {
      expect(await engine.deliveriesOf(id)).toMatchObject([
        { status: 'discarded', reason: 'subscription_deleted' },
      ]);
    });
  });
});

describe('a delivery that nobody would pick up', () => {
  test('is made due if no lease stands for it', async () => {
    const id = await delivered();
    await change(id, `status = 'pending', next_attempt_at = NULL, lease_until = NULL`);
    reconciliation.start();
    await engine.settled(id, 'delivered');
    await eventually(async () => {
      expect(await eventsWith('delivery_stuck', 'repaired')).toContain(id);
      expect(await numbers()).toMatchObject({ accepted: 1, delivered: 1 });
    });
  });

  test('is not touched while a lease stands for it, even one that is over', async () => {
    const id = await held();
    await change(id, `next_attempt_at = NULL, lease_until = now() - interval '1 minute'`);
    await engine.db.query(
      `INSERT INTO delivery_lease (id, lease_until, deliveries, event_ids)
       VALUES ($1, now() + interval '1 hour', 1, ARRAY[$2::uuid])`,
      [newId(), uuidOf(id)],
    );
    await repairs(async () => expect(await numbers()).toMatchObject({ accepted: 1, pending: 1 }));
    expect(await eventsWith('delivery_stuck', 'repaired')).not.toContain(id);
  });

  test('is made due if it was put aside and its subscription takes deliveries', async () => {
    const id = await held();
    await engine.db.query('ALTER TABLE subscription DISABLE TRIGGER USER');
    await engine.db.query(
      `UPDATE subscription SET status = 'active', updated_at = now() - interval '1 hour' WHERE id = $1`,
      [subscription],
    );
    await engine.db.query('ALTER TABLE subscription ENABLE TRIGGER USER');
    await engine.app.get(SubscriptionDirectory).refresh();
    reconciliation.start();
    await engine.settled(id, 'delivered');
    await eventually(async () => expect(await eventsWith('delivery_held', 'repaired')).toContain(id));
  });
});

describe('what cannot be put right is named', () => {
  async function isNamed(kind: DifferenceKind, id: string): Promise<void> {
    reconciliation.start();
    await eventually(async () => {
      expect(await eventsWith(kind, 'differences')).toContain(id);
      expect((await read()).balanced).toBe(false);
    });
  }
  async function isForgotten(): Promise<void> {
    await eventually(async () => expect(await read()).toMatchObject({ balanced: true, differences: [] }));
  }

  test('as long as it lasts: a delivery that is delivered by no attempt', async () => {
    const id = await delivered();
    const attempts = await engine.db.query<{ delivery_id: string }>(
      `UPDATE delivery_attempt SET outcome = 'retryable'
       WHERE delivery_id = (SELECT id FROM delivery WHERE event_id = $1) RETURNING delivery_id`,
      [uuidOf(id)],
    );
    await isNamed('delivered_without_attempt', id);
    await engine.db.query(`UPDATE delivery_attempt SET outcome = 'delivered' WHERE delivery_id = $1`, [
      attempts[0]?.delivery_id,
    ]);
    await isForgotten();
  });

  test('attempts that were counted and are not in the log', async () => {
    const id = await delivered();
    await change(id, 'attempt_count = 3');
    await isNamed('attempts_missing', id);
    await change(id, 'attempt_count = 1');
    await isForgotten();
  });

  test('a delivery that its event was not accepted for', async () => {
    const id = await delivered();
    await engine.db.query(`UPDATE event SET subscription_ids = '{}' WHERE id = $1`, [uuidOf(id)]);
    await isNamed('delivery_unplanned', id);
    await lose(id);
    await isForgotten();
  });

  test('an event that does not leave its outbox', async () => {
    const id = newId();
    await engine.db.query(
      `INSERT INTO guestbook.outbox_message (id, tenant_id, type, occurred_at, data, created_at, lease_until)
       VALUES ($1, $2, 'guestbook.entry.created', now(), '{}', now() - interval '1 hour', now() + interval '1 hour')`,
      [id, DEFAULT_TENANT_ID],
    );
    await isNamed('outbox_waiting', toTypeId('evt', id));
    await engine.db.query('UPDATE guestbook.outbox_message SET lease_until = NULL');
    await isForgotten();
  });
});

test('the windows of a busy time are full one after the other, and their sum is what was accepted', async () => {
  await engine.db.query(
    `INSERT INTO event (id, tenant_id, type, occurred_at, accepted_at, data, subscription_ids)
     SELECT gen_random_uuid(), $1, 'guestbook.entry.created', now(), now() + n * interval '0.1 ms', '{}', ARRAY[$2::uuid]
     FROM generate_series(1, 12000) AS n`,
    [DEFAULT_TENANT_ID, subscription],
  );
  await engine.db.query(
    `INSERT INTO delivery (id, tenant_id, event_id, subscription_id, event_type, status, reason, next_attempt_at, created_at)
     SELECT gen_random_uuid(), tenant_id, id, $1, type, 'exhausted', 'test', NULL, accepted_at FROM event
     WHERE subscription_ids = ARRAY[$1::uuid]`,
    [subscription],
  );
  reconciliation.start();
  await eventually(
    async () => {
      expect(await numbers()).toMatchObject({ accepted: 12_000, exhausted: 12_000 });
      expect(await read()).toMatchObject({ balanced: true });
    },
    { timeoutMs: 20_000 },
  );
});
