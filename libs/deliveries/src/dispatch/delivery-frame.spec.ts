import { expect, test } from 'vitest';
import { FrameError } from '#libs/events';
import { type LeasedDelivery, packDeliveries, unpackDeliveries } from './delivery-frame.js';

const event = (id: string, data: Buffer | null): LeasedDelivery['event'] => ({
  id,
  tenantId: 't',
  type: 'a.b',
  subject: null,
  timestamp: new Date(1000),
  data,
});
const delivery = (id: string, of: LeasedDelivery['event']): LeasedDelivery => ({
  id,
  subscriptionId: 's',
  fence: 1,
  attemptCount: 0,
  leaseUntilMs: 5000,
  event: of,
});

test('what is packed comes out the same, payload bytes included', () => {
  const first = event('e1', Buffer.from('{"n":1.0}'));
  const deliveries = [delivery('d1', first), delivery('d2', first), delivery('d3', event('e2', null))];
  expect(packDeliveries(deliveries).flatMap(unpackDeliveries)).toEqual(deliveries);
});

test('26 deliveries make two frames, and an event is carried once per frame', () => {
  const shared = event('e1', Buffer.alloc(10_000, 'x'));
  const frames = packDeliveries(Array.from({ length: 26 }, (_, index) => delivery(`d${index}`, shared)));
  expect(frames.map((frame) => unpackDeliveries(frame).length)).toEqual([25, 1]);
  expect(frames[0]?.length).toBeLessThan(15_000);
});

test.each([['not a frame'], ['BHF1'], ['BHF1\0\0\0\u0002{}'], ['']])('%j is refused by name', (text) => {
  expect(() => unpackDeliveries(Buffer.from(text))).toThrow(FrameError);
});
