import { expect, test } from 'vitest';
import { encodeFrame } from '#libs/events';
import { DEFAULT_TENANT_ID, newId } from '#libs/kernel';
import { readIncoming, UnreadableMessage } from './incoming-events.js';

const NOW = new Date('2026-11-22T04:00:00Z');
const event = {
  id: newId(),
  tenantId: DEFAULT_TENANT_ID,
  type: 'a.b',
  subject: null,
  timestamp: NOW.toISOString(),
};
const frame = (header: object, payloads = [Buffer.from('{}')]): Buffer => encodeFrame(header, payloads);

test('a frame of the relay becomes a job that leaves its outbox', () => {
  const job = readIncoming(frame({ kind: 'events', outbox: 'guestbook', events: [event] }), NOW);
  expect(job).toMatchObject({ outbox: 'guestbook', events: [{ id: event.id, timestamp: NOW }] });
});

test('one event as JSON becomes a job of the default tenant', () => {
  const job = readIncoming(Buffer.from('{"type":"a.b","data":{"n":1.0}}'), NOW);
  expect(job.events[0]).toMatchObject({ tenantId: DEFAULT_TENANT_ID, type: 'a.b' });
  expect(job.events[0]?.data.toString()).toBe('{"n":1.0}');
});

test.each([
  ['no JSON', Buffer.from('hello')],
  ['nothing', Buffer.alloc(0)],
  ['JSON that is no event', Buffer.from('[1]')],
  ['an event without data', Buffer.from('{"type":"a.b"}')],
  ['a frame of another kind', frame({ kind: 'deliveries', events: [] }, [])],
  [
    'a version of the future',
    Buffer.concat([Buffer.from('BHF9'), frame({ kind: 'events' }, []).subarray(4)]),
  ],
  ['a frame without a list', frame({ kind: 'events' }, [])],
  ['a frame with a list of nothing', frame({ kind: 'events', outbox: null, events: [null] })],
  ['an outbox that does not exist', frame({ kind: 'events', outbox: 'pg_catalog', events: [event] })],
  ['an id that is none', frame({ kind: 'events', outbox: null, events: [{ ...event, id: 'a,b' }] })],
  ['a payload that is missing', frame({ kind: 'events', outbox: null, events: [event, event] })],
])('%s is put aside with the reason', (_, body) => {
  expect(() => readIncoming(body, NOW)).toThrow(UnreadableMessage);
});
