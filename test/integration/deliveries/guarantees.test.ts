import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { DeliveryWorker, EventPublishing } from '#libs/deliveries';
import { DEFAULT_TENANT_ID, newId, toTypeId } from '#libs/kernel';
import { SubscriptionDirectory } from '#libs/subscriptions';
import { eventuallyGives } from '../../support/eventually.js';
import { Engine, subscriptionId, uuidOf } from './engine.js';

let engine: Engine;
let subscription: string;
beforeAll(async () => {
  engine = await Engine.start();
  subscription = await engine.subscribe({ scheduleSeconds: [0, 0, 0] });
});
afterAll(() => engine.stop());
beforeEach(() => {
  engine.receiver.requests.length = 0;
  engine.receiver.behave(200);
});

const leases = (): Promise<unknown[]> => engine.db.query('SELECT id FROM delivery_lease');

test('a repeated Idempotency-Key gives the first answer and makes no second event, also at the same moment', async () => {
  const body = { data: { n: 1 } };
  const answers = await Promise.all(Array.from({ length: 10 }, () => engine.publish(body, 'key-1')));
  expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
  expect(await engine.publish(body, 'key-1')).toEqual(answers[0]);
  const [row] = await engine.db.query<{ count: string }>(`SELECT count(*) FROM event WHERE id = $1`, [
    uuidOf(answers[0]?.id ?? ''),
  ]);
  expect(row?.count).toBe('1');
});

test('an Idempotency-Key with another body is refused', async () => {
  await engine.publish({ data: 1 }, 'key-2');
  await expect(engine.publish({ data: 2 }, 'key-2')).rejects.toMatchObject({
    code: 'idempotency_key_reused',
  });
});

test('the same id again is the same event; with other data it is a conflict', async () => {
  const id = toTypeId('evt', newId());
  const first = await engine.publish({ id, data: { a: 1 } });
  expect(await engine.publish({ id, data: { a: 1 } })).toMatchObject({ id: first.id, deliveries: 1 });
  await expect(engine.publish({ id, data: { a: 2 } })).rejects.toMatchObject({ code: 'event_id_taken' });
});

test('a batch with bad events accepts the good ones and says which failed', async () => {
  const events = [
    { type: 'guestbook.entry.created', data: { n: 1 } },
    { type: 'guestbook.entry.created' },
    { type: 'no.such.type', data: {} },
    { type: 'guestbook.entry.created', data: 'x'.repeat(256 * 1024 + 1) },
    { type: 'guestbook.entry.created', data: {}, tenantId: toTypeId('ten', newId()) },
    { type: 'guestbook.entry.created', data: { n: 2 } },
  ];
  const rawBody = Buffer.from(JSON.stringify({ events }));
  const { data } = await engine.app
    .get(EventPublishing)
    .publishBatch({ tenantId: DEFAULT_TENANT_ID, rawBody, body: { events } });
  expect(data.map((item) => ('code' in item ? item.code : item.type))).toEqual([
    'guestbook.entry.created',
    'validation_failed',
    'unknown_event_type',
    'event_too_large',
    'validation_failed',
    'guestbook.entry.created',
  ]);
  await engine.receiver.receives(2);
});

test('an event type that was registered a moment ago is known', async () => {
  await engine.db.query(`INSERT INTO event_type (tenant_id, name) VALUES ($1, 'brand.new')`, [
    DEFAULT_TENANT_ID,
  ]);
  expect(await engine.publish({ type: 'brand.new' })).toMatchObject({ type: 'brand.new' });
});

test('work whose worker died is found when its lease is over', async () => {
  const { id } = await engine.publish();
  await engine.settled(id, 'delivered');
  await engine.db.query(
    `UPDATE delivery SET status = 'pending', next_attempt_at = now(), lease_until = now() + interval '200 ms', fence = 7
     WHERE event_id = $1`,
    [uuidOf(id)],
  );
  await eventuallyGives(() => engine.receiver.deliveries.length >= 2);
  expect(await engine.settled(id, 'delivered')).toMatchObject({ attemptCount: 2 });
});

test('what was handed over and never settled falls due when the lease of its message is over', async () => {
  const { id } = await engine.publish();
  await engine.settled(id, 'delivered');
  await eventuallyGives(async () => (await leases()).length === 0);
  await engine.db.query(
    `UPDATE delivery SET status = 'pending', next_attempt_at = NULL, lease_until = now(), fence = 1, attempt_count = 0
     WHERE event_id = $1`,
    [uuidOf(id)],
  );
  await engine.db.query(
    `INSERT INTO delivery_lease (id, lease_until, deliveries, event_ids) VALUES (gen_random_uuid(), now(), 1, ARRAY[$1::uuid])`,
    [uuidOf(id)],
  );
  await engine.receiver.receives(2);
  expect(await engine.settled(id, 'delivered')).toMatchObject({ attemptCount: 1 });
  expect(await leases()).toEqual([]);
});

test('a message that is done leaves no lease behind, whatever became of its deliveries', async () => {
  engine.receiver.behave(404);
  const { id } = await engine.publish();
  await engine.settled(id, 'exhausted');
  await eventuallyGives(async () => (await leases()).length === 0);
});

test('one event id sent twice at the same moment is one event and one delivery', async () => {
  const id = toTypeId('evt', newId());
  const answers = await Promise.all([engine.publish({ id }), engine.publish({ id })]);
  expect(answers.map((answer) => answer.deliveries)).toEqual([1, 1]);
  await engine.settled(id, 'delivered');
  expect(engine.receiver.deliveries).toHaveLength(1);
});

test('an outcome with an old fence changes nothing, but its attempt is logged', async () => {
  engine.receiver.behave({ delayMs: 600, status: 200 });
  const { id } = await engine.publish();
  await engine.receiver.receives(1);
  await engine.db.query(
    `UPDATE delivery SET fence = fence + 1, next_attempt_at = now() + interval '1 hour' WHERE event_id = $1`,
    [uuidOf(id)],
  );
  const [delivery] = await eventuallyGives(async () => {
    const found = await engine.deliveriesOf(id);
    return found[0]?.attempts.length === 1 ? found : null;
  });
  expect(delivery).toMatchObject({ status: 'pending', attempts: [{ outcome: 'delivered' }] });
});

test('a delivery that nobody could take stays in PostgreSQL and is sent when a dispatcher is there', async () => {
  const worker = engine.app.get(DeliveryWorker);
  await worker.stop(1000);
  const accepted = await Promise.all(Array.from({ length: 30 }, () => engine.publish()));
  expect(engine.receiver.deliveries).toHaveLength(0);
  await worker.start();
  await engine.receiver.receives(30);
  await Promise.all(accepted.map(({ id }) => engine.settled(id, 'delivered')));
});

test('a paused subscription holds its deliveries, and a resumed one gets them', async () => {
  await setStatus('paused');
  const { id } = await engine.publish();
  const held = await engine.settled(id, 'pending');
  expect(held).toMatchObject({ nextAttemptAt: null, next: expect.stringContaining('paused') as string });
  await setStatus('active');
  await engine.settled(id, 'delivered');
});

test('a subscription that was active before an event was accepted always gets it', async () => {
  for (let round = 0; round < 20; round += 1) {
    const id = newId();
    await engine.db.query(
      `INSERT INTO subscription (id, tenant_id, url, event_types, handshake, status) VALUES ($1, $2, $3, $4, 'none', 'paused')`,
      [id, DEFAULT_TENANT_ID, engine.receiver.url, ['guestbook.entry.deleted']],
    );
    const { deliveries } = await engine.publish({ type: 'guestbook.entry.deleted' });
    expect(deliveries).toBe(round + 2);
  }
  await engine.db.query(`UPDATE subscription SET deleted_at = now(), status = 'disabled' WHERE id <> $1`, [
    subscription,
  ]);
});

test('deliveries of a deleted subscription are discarded with the reason', async () => {
  const own = await engine.subscribe({ eventTypes: ['guestbook.entry.deleted'], status: 'paused' });
  await setStatus('paused');
  const { id } = await engine.publish({ type: 'guestbook.entry.deleted' });
  await setStatus('active');
  await engine.db.query(`UPDATE subscription SET deleted_at = now(), status = 'disabled' WHERE id = $1`, [
    own,
  ]);
  const discarded = await eventuallyGives(
    async () =>
      (await engine.deliveriesOf(id)).find(({ subscriptionId: of }) => of === subscriptionId(own)) as
        { status: string } | undefined,
  );
  await eventuallyGives(async () =>
    (await engine.deliveriesOf(id)).some(
      ({ status, reason }) => status === 'discarded' && reason === 'subscription_deleted',
    ),
  );
  expect(discarded).toBeDefined();
});

test('410 Gone disables the subscription at once', async () => {
  engine.receiver.behave(410);
  const { id } = await engine.publish();
  expect(await engine.settled(id, 'exhausted')).toMatchObject({ reason: 'gone_disabled', attemptCount: 1 });
  const [row] = await eventuallyGives(async () => {
    const rows = await engine.db.query<{ status: string; status_reason: string }>(
      `SELECT status, status_reason FROM subscription WHERE id = $1 AND status = 'disabled'`,
      [subscription],
    );
    return rows.length > 0 ? rows : null;
  });
  expect(row?.status_reason).toBe('gone');
  await engine.app.get(SubscriptionDirectory).refresh();
  expect((await engine.publish()).deliveries).toBe(0);
});

test('a receiver that takes an event and wants no more has it delivered and its subscription disabled', async () => {
  const own = await engine.subscribe({ eventTypes: ['guestbook.entry.deleted'] });
  engine.receiver.behave({ status: 200, headers: { 'webhook-delivery': 'disable' } });
  await engine.publish({ type: 'guestbook.entry.deleted' });
  await eventuallyGives(async () => {
    const rows = await engine.db.query(
      `SELECT FROM subscription s JOIN delivery d ON d.subscription_id = s.id
       WHERE s.id = $1 AND s.status = 'disabled' AND s.status_reason = 'gone' AND d.status = 'delivered'`,
      [own],
    );
    return rows.length === 1;
  });
});

async function setStatus(status: 'active' | 'paused'): Promise<void> {
  await engine.db.query('UPDATE subscription SET status = $2 WHERE id = $1', [subscription, status]);
  await engine.app.get(SubscriptionDirectory).refresh();
}
