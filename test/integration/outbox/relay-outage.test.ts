import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { RelayFixture, ScriptedBroker } from './relay-fixture.js';

let fixture: RelayFixture;
beforeAll(async () => {
  fixture = await RelayFixture.create();
});
afterEach(() => fixture.stopRelays());
afterAll(() => fixture.close());

test('two relays never hold the same event at once', async () => {
  const brokers = [new ScriptedBroker(), new ScriptedBroker()] as const;
  const ids = await fixture.publish(600);
  for (const broker of brokers) fixture.startRelay(broker, { batchRows: 20, pollMs: 5 });
  const all = (): string[] => brokers.flatMap((broker) => broker.publishedIds);
  await eventually(() => expect(all()).toHaveLength(600));
  expect(new Set(all())).toEqual(new Set(ids));
  expect(brokers.every((broker) => broker.frames.length > 0)).toBe(true);
});

test('a refused publish gives the event back at once instead of letting the lease run out', async () => {
  const broker = new ScriptedBroker();
  broker.isAway = true;
  const [id] = await fixture.publish();
  fixture.startRelay(broker, { leaseMs: 3_600_000, maxBackoffMs: 20 });
  await eventually(async () => {
    const rows = await fixture.database.query(
      'SELECT 1 FROM guestbook.outbox_message WHERE lease_until IS NULL',
    );
    expect(rows).toHaveLength(1);
  });
  broker.isAway = false;
  await eventually(() => expect(broker.publishedIds).toEqual([id]));
});

test('while the broker has too much to do, events stay in the database', async () => {
  const broker = new ScriptedBroker();
  broker.waiting = 1_000;
  fixture.startRelay(broker, { pollMs: 5 });
  const [id] = await fixture.publish();
  const leased = await fixture.database.query(
    'SELECT 1 FROM guestbook.outbox_message WHERE lease_until IS NOT NULL',
  );
  expect([leased, broker.frames]).toEqual([[], []]);
  broker.waiting = 0;
  await eventually(() => expect(broker.publishedIds).toEqual([id]));
});

test('one claim holds no more than its share of bytes, however large the events are', async () => {
  const broker = new ScriptedBroker();
  const data = 'x'.repeat(100_000);
  const events = Array.from({ length: 8 }, () => ({ type: 'guestbook.entry.created', data }));
  await fixture.orm.transaction((tx) => fixture.publisher.publish(tx, events));
  fixture.startRelay(broker, { batchBytes: 250_000 });
  await eventually(() => expect(broker.publishedIds).toHaveLength(8));
  expect(broker.frames.map((frame) => frame.events.length)).toEqual([2, 2, 2, 2]);
});

test('a stop waits for what is being published and claims nothing more', async () => {
  const broker = new ScriptedBroker();
  let confirm = (): void => undefined;
  broker.onPublish = () => new Promise((resolve) => (confirm = resolve));
  const [first] = await fixture.publish();
  const relay = fixture.startRelay(broker, { pollMs: 5 });
  await eventually(() => expect(broker.publishedIds).toEqual([first]));
  let isStopped = false;
  const stopped = relay.stop().then(() => (isStopped = true));
  const [second] = await fixture.publish();
  expect(isStopped).toBe(false);
  confirm();
  await stopped;
  expect(broker.publishedIds).toEqual([first]);
  expect(await fixture.waitingIds()).toEqual([first, second]);
  relay.start();
  await eventually(() => expect(broker.publishedIds).toEqual([first, second]));
  confirm();
});
