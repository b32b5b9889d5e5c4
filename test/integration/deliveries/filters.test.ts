import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { EventPublishing, TestEvents } from '#libs/deliveries';
import { encodeFrame } from '#libs/events';
import { DEFAULT_TENANT_ID, ID_PREFIX, newId, toTypeId } from '#libs/kernel';
import { MessageBroker, QUEUES } from '#libs/messaging';
import { eventuallyGives } from '../../support/eventually.js';
import { Engine, subscriptionId } from './engine.js';

let engine: Engine;
const subscribed: Record<string, string> = {};

beforeAll(async () => {
  engine = await Engine.start();
  subscribed['ada'] = await engine.subscribe({ filter: { path: 'data.name', equals: 'Ada' } });
  subscribed['a'] = await engine.subscribe({ filter: { path: 'data.name', prefix: 'A' } });
});
afterAll(() => engine.stop());
beforeEach(() => {
  engine.receiver.requests.length = 0;
});

const wantedBy = async (eventId: string): Promise<string[]> => {
  const deliveries = await engine.deliveriesOf(eventId);
  const names = Object.entries(subscribed).map(([name, uuid]) => [subscriptionId(uuid), name]);
  return deliveries.map((delivery) => String(Object.fromEntries(names)[delivery.subscriptionId])).toSorted();
};

test('an event that a filter refuses gets no delivery, and the answer counts the others', async () => {
  const ada = await engine.publish({ data: { name: 'Ada' } });
  const alan = await engine.publish({ data: { name: 'Alan' } });
  const zoe = await engine.publish({ data: { name: 'Zoë' } });
  expect([ada.deliveries, alan.deliveries, zoe.deliveries]).toEqual([2, 1, 0]);
  expect(await wantedBy(ada.id)).toEqual(['a', 'ada']);
  expect(await wantedBy(alan.id)).toEqual(['a']);
  expect(await wantedBy(zoe.id)).toEqual([]);
});

test('each event of a batch is judged by its own data, whatever is refused between them', async () => {
  const type = 'guestbook.entry.created';
  const events = [
    { type, data: { name: 'Zoë' } },
    { type: 'no', data: {} },
    { type, data: { name: 'Ada' } },
  ];
  const body = { events };
  const rawBody = Buffer.from(JSON.stringify(body));
  const answer = await engine.app
    .get(EventPublishing)
    .publishBatch({ tenantId: DEFAULT_TENANT_ID, rawBody, body });
  expect(answer.data).toMatchObject([{ deliveries: 0 }, { status: 422 }, { deliveries: 2 }]);
});

test('an event from the broker, which nobody has parsed, is judged too', async () => {
  const ids = [newId(), newId(), newId()];
  const header = {
    kind: 'events',
    outbox: null,
    events: ids.map((id) => ({
      id,
      tenantId: DEFAULT_TENANT_ID,
      type: 'guestbook.entry.created',
      subject: null,
      timestamp: new Date().toISOString(),
    })),
  };
  const payloads = ['{"name":"Ada"}', '{"name":"Zoë"}', '{"name":"Alan"'].map((json) => Buffer.from(json));
  await engine.app.get(MessageBroker).publish(QUEUES.events, encodeFrame(header, payloads));
  const [first = '', second = '', broken = ''] = ids.map((id) => toTypeId(ID_PREFIX.event, id));
  await eventuallyGives(async () => (await wantedBy(first)).length === 2);
  expect(await wantedBy(second)).toEqual([]);
  expect(await wantedBy(broken)).toEqual([]);
});

test('a test event goes out whatever the filter says', async () => {
  const { eventId } = await engine.app
    .get(TestEvents)
    .send(DEFAULT_TENANT_ID, subscriptionId(subscribed['ada'] ?? ''));
  expect(await wantedBy(eventId)).toEqual(['ada']);
});

test('a changed filter holds from the next event on', async () => {
  const changing = await engine.subscribe({
    filter: { path: 'data.n', gte: 10 },
    eventTypes: ['guestbook.entry.deleted'],
  });
  const count = async (n: number): Promise<number> =>
    (await engine.publish({ type: 'guestbook.entry.deleted', data: { n } })).deliveries;
  expect([await count(9), await count(10)]).toEqual([0, 1]);
  // No refresh of the directory here: intake notices by itself.
  await engine.db.query('UPDATE subscription SET filter = $2 WHERE id = $1', [
    changing,
    { path: 'data.n', lt: 10 },
  ]);
  expect([await count(9), await count(10)]).toEqual([1, 0]);
  await engine.db.query('UPDATE subscription SET filter = NULL WHERE id = $1', [changing]);
  expect(await count(10)).toBe(1);
});
