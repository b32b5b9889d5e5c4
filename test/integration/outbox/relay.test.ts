import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { removeFromOutbox } from '#libs/outbox';
import { eventually } from '../../support/eventually.js';
import { RelayFixture, ScriptedBroker, someEvents } from './relay-fixture.js';

let fixture: RelayFixture;
beforeAll(async () => {
  fixture = await RelayFixture.create();
});
afterEach(() => fixture.stopRelays());
afterAll(() => fixture.close());

test('a commit wakes the relay, and the event leaves with its outbox named', async () => {
  const broker = new ScriptedBroker();
  fixture.startRelay(broker, { pollMs: 60_000 });
  const [id] = await fixture.publish();
  await eventually(() => expect(broker.publishedIds).toEqual([id]));
  expect(broker.frames[0]).toMatchObject({ kind: 'events', outbox: 'guestbook' });
});

test('a transaction that was rolled back publishes nothing', async () => {
  const broker = new ScriptedBroker();
  fixture.startRelay(broker, { pollMs: 5 });
  const failed = fixture.orm.transaction(async (tx) => {
    await fixture.publisher.publish(tx, someEvents(3));
    throw new Error('changed my mind');
  });
  await expect(failed).rejects.toThrow('changed my mind');
  const [after] = await fixture.publish();
  await eventually(() => expect(broker.publishedIds).toEqual([after]));
});

test('an event that commits after events with higher ids is not skipped', async () => {
  const broker = new ScriptedBroker();
  fixture.startRelay(broker, { pollMs: 5 });
  const slow = fixture.orm.createQueryRunner();
  await slow.startTransaction();
  const [late] = await fixture.publisher.publish(slow.manager, someEvents(1));
  const early = await fixture.publish(2);
  await eventually(() => expect(broker.publishedIds).toEqual(early));
  await slow.commitTransaction();
  await slow.release();
  await eventually(() => expect(broker.publishedIds).toHaveLength(3));
  expect(late?.id).toMatch(/^evt_/);
  expect(broker.publishedIds[2]! < early[0]!).toBe(true);
});

test('overlapping transactions that commit in any order, and some that roll back: each commit once, no other', async () => {
  const broker = new ScriptedBroker();
  fixture.startRelay(broker, { pollMs: 5, batchRows: 7 });
  const committed: string[] = [];
  await Promise.all(
    Array.from({ length: 40 }, async (_, index) => {
      const runner = fixture.orm.createQueryRunner();
      await runner.startTransaction();
      await fixture.publisher.publish(runner.manager, someEvents(1 + (index % 4)));
      const rows = await runner.manager.query<{ id: string }[]>(
        `SELECT id FROM guestbook.outbox_message WHERE xmin::text = pg_current_xact_id()::text`,
      );
      await runner.manager.query('SELECT pg_sleep($1)', [((index * 7) % 11) / 200]);
      if (index % 5 === 0) await runner.rollbackTransaction();
      else {
        await runner.commitTransaction();
        committed.push(...rows.map(({ id }) => id));
      }
      await runner.release();
    }),
  );
  expect(committed.length).toBeGreaterThan(70);
  await eventually(() => expect(broker.publishedIds.toSorted()).toEqual(committed.toSorted()));
});

test('an event that was published but never accepted is published again after its lease', async () => {
  const broker = new ScriptedBroker();
  fixture.startRelay(broker, { leaseMs: 100, pollMs: 10 });
  const [id] = await fixture.publish();
  await eventually(() => expect(broker.publishedIds.slice(0, 3)).toEqual([id, id, id]));
});

test('what died with its relay between publish and acceptance is taken over by another one', async () => {
  const [lost, successor] = [new ScriptedBroker(), new ScriptedBroker()];
  lost.onPublish = () => new Promise(() => undefined);
  const [id] = await fixture.publish();
  const dying = fixture.startRelay(lost, { leaseMs: 200, pollMs: 10 });
  await eventually(() => expect(lost.publishedIds).toEqual([id]));
  fixture.startRelay(successor, { leaseMs: 60_000, pollMs: 10 });
  await eventually(() => expect(successor.publishedIds).toEqual([id]));
  forget(dying);
});

test('an accepted event leaves the outbox with the transaction that accepts it', async () => {
  const [accepted, refused] = await fixture.publish(2);
  const failed = fixture.database.transaction(async (client) => {
    await removeFromOutbox(client, 'guestbook', [accepted!]);
    throw new Error('not accepted after all');
  });
  await expect(failed).rejects.toThrow('not accepted');
  expect(await fixture.waitingIds()).toEqual([accepted, refused]);
  await fixture.database.transaction((client) => removeFromOutbox(client, 'guestbook', [accepted!]));
  expect(await fixture.waitingIds()).toEqual([refused]);
  await expect(removeFromOutbox(fixture.database, 'pg_catalog', [refused!])).rejects.toThrow('No outbox');
});

test('an id that already waits is not written twice', async () => {
  const event = { id: '01890a5d-ac96-774b-bcce-b302099a8057', type: 'guestbook.entry.created', data: {} };
  await fixture.orm.transaction((tx) => fixture.publisher.publish(tx, [event, event]));
  await fixture.orm.transaction((tx) => fixture.publisher.publish(tx, event));
  expect(await fixture.waitingIds()).toEqual([event.id]);
});

/** Its publish never answers, as after a crash: there is nothing to wait for. */
function forget(relay: { stop(): Promise<void> }): void {
  relay.stop = () => Promise.resolve();
}
