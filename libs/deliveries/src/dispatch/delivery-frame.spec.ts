import { expect, test } from 'vitest';
import { encodeFrame, FrameError } from '#libs/events';
import { DeliveryFrame, inFrames, type LeasedDelivery } from './delivery-frame.js';

const uuid = (name: string): string =>
  `00000000-0000-7000-8000-${Buffer.from(name).toString('hex').padStart(12, '0')}`;
const event = (id: string, data: Buffer | null): LeasedDelivery['event'] => ({
  id: uuid(id),
  tenantId: uuid('t'),
  type: 'a.b',
  subject: null,
  timestamp: new Date(1000),
  data,
});
const delivery = (id: string, of: LeasedDelivery['event']): LeasedDelivery => ({
  id: uuid(id),
  subscriptionId: uuid('s'),
  fence: 1,
  attemptCount: 0,
  leaseUntilMs: 5000,
  event: of,
});

test('what is encoded comes out the same, payload bytes and lease included', () => {
  const first = event('e1', Buffer.from('{"n":1.0}'));
  const deliveries = [delivery('d1', first), delivery('d2', first), delivery('d3', event('e2', null))];
  for (const leaseId of [uuid('l1'), null]) {
    const frame = new DeliveryFrame(leaseId, deliveries);
    expect(DeliveryFrame.decode(frame.encode())).toEqual(frame);
  }
});

test('101 deliveries make two frames, and an event is carried once per frame', () => {
  const shared = event('e1', Buffer.alloc(10_000, 'x'));
  const groups = inFrames(Array.from({ length: 101 }, (_, index) => delivery(`d${index}`, shared)));
  expect(groups.map((group) => group.length)).toEqual([100, 1]);
  expect(new DeliveryFrame(null, groups[0] ?? []).encode().length).toBeLessThan(25_000);
});

test('large payloads are spread over several frames', () => {
  const large = Array.from({ length: 5 }, (_, index) =>
    delivery(`d${index}`, event(`e${index}`, Buffer.alloc(100 * 1024))),
  );
  expect(inFrames(large).map((group) => group.length)).toEqual([2, 2, 1]);
});

test.each([['not a frame'], ['BHF1'], ['BHF1\0\0\0\u0002{}'], ['']])('%j is refused by name', (text) => {
  expect(() => DeliveryFrame.decode(Buffer.from(text))).toThrow(FrameError);
});

test.each([
  ['no lists', {}],
  ['lists that are none', { events: 7, deliveries: {} }],
  ['a delivery that is none', { events: [], deliveries: [null] }],
  ['an id that is none', { events: [], deliveries: [['a,b', 0, uuid('s'), 1, 0, 1]] }],
  [
    'a fence that no delivery can have',
    { events: [], deliveries: [[uuid('d'), 0, uuid('s'), 2 ** 31, 0, 1]] },
  ],
  ['a count that is none', { events: [], deliveries: [[uuid('d'), 0, uuid('s'), 1, 0.5, 1]] }],
  ['a lease that is none', { lease: 'a,b', events: [], deliveries: [] }],
  ['an event without a time', { events: [[uuid('e'), uuid('t'), 'a.b', null]], deliveries: [] }],
  ['names that are no list', { names: null, events: [], deliveries: [] }],
  ['a name that it does not list', { names: [], events: [[uuid('e'), 0, 'a.b', null, 1]], deliveries: [] }],
  [
    'a tenant that is none',
    { names: ['t', 'a.b'], events: [[uuid('e'), 0, 1, null, 1, false]], deliveries: [] },
  ],
  ['a base that is no time', { base: 'x', events: [], deliveries: [[uuid('d'), 0, uuid('s'), 1, 0, 1]] }],
])('a frame with %s is refused by name, however often it comes', (_, header) => {
  expect(() => DeliveryFrame.decode(encodeFrame({ kind: 'deliveries', lease: null, ...header }, []))).toThrow(
    FrameError,
  );
});

test('a tenant, a type and a subscription are named once in a message, however often they are meant', () => {
  const deliveries = Array.from({ length: 100 }, (_, index) =>
    delivery(`d${index}`, event(`e${index}`, Buffer.from('{}'))),
  );
  const message = new DeliveryFrame(null, deliveries).encode();
  for (const name of [uuid('t'), '"a.b"', uuid('s')]) expect(message.toString().split(name)).toHaveLength(2);
});

test.each([
  ['which named a subscription in each delivery', uuid('l')],
  ['which knew no leases of messages either', undefined],
])('a frame of an older version, %s, is read', (_, lease) => {
  const older = encodeFrame(
    {
      kind: 'deliveries',
      lease,
      events: [[uuid('e1'), uuid('t'), 'a.b', null, 1000, true]],
      deliveries: [[uuid('d1'), 0, uuid('s'), 1, 0, 5000]],
    },
    [Buffer.from('{}')],
  );
  const expected = new DeliveryFrame(lease ?? null, [delivery('d1', event('e1', Buffer.from('{}')))]);
  expect(DeliveryFrame.decode(older)).toEqual(expected);
});
