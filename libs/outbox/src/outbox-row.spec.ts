import { expect, test } from 'vitest';
import { MAX_EVENT_BYTES, type NewEvent } from '#libs/events';
import { DEFAULT_TENANT_ID, toTypeId } from '#libs/kernel';
import { toOutboxRow } from './outbox-row.js';

const NOW = new Date('2026-11-22T04:00:00.000Z');
const UUID = '01890a5d-ac96-774b-bcce-b302099a8057';
const event = (over: Partial<NewEvent> = {}): NewEvent => ({
  type: 'guestbook.entry.created',
  data: { a: 1 },
  ...over,
});

test('what the application leaves out is filled in', () => {
  const row = toOutboxRow(event(), NOW);
  expect(row).toMatchObject({ tenantId: DEFAULT_TENANT_ID, subject: null, occurredAt: NOW });
  expect(row.id).toMatch(/^[0-9a-f-]{36}$/);
  expect(row.data.toString()).toBe('{"a":1}');
});

test.each([UUID, UUID.toUpperCase(), toTypeId('evt', UUID)])('the id %s is taken over', (id) => {
  expect(toOutboxRow(event({ id }), NOW).id).toBe(UUID);
});

test.each([
  ['no area', event({ type: 'created' }), 'invalid_event_type'],
  ['a wildcard', event({ type: 'guestbook.*' }), 'invalid_event_type'],
  ['a foreign id', event({ id: 'ent_01h455vb4pex5vsknk084sn02q' }), 'invalid_event_id'],
  ['NUL in the subject', event({ subject: 'a\0b' }), 'invalid_event_subject'],
  ['half a character in the subject', event({ subject: '\ud83d' }), 'invalid_event_subject'],
  ['a long subject', event({ subject: 'x'.repeat(257) }), 'invalid_event_subject'],
  ['no date', event({ timestamp: new Date(Number.NaN) }), 'invalid_event_timestamp'],
  ['no data', event({ data: undefined }), 'invalid_event_data'],
  ['data that is not JSON', event({ data: 1n }), 'invalid_event_data'],
])('an event with %s is refused', (_name, bad, code) => {
  expect(() => toOutboxRow(bad, NOW)).toThrow(expect.objectContaining({ kind: 'invalid', code }));
});

test('data of exactly 256 KiB fits and one byte more does not', () => {
  const text = 'x'.repeat(MAX_EVENT_BYTES - 2);
  expect(toOutboxRow(event({ data: text }), NOW).data).toHaveLength(MAX_EVENT_BYTES);
  expect(() => toOutboxRow(event({ data: `${text}x` }), NOW)).toThrow(
    expect.objectContaining({ kind: 'too_large', code: 'event_too_large' }),
  );
});

test('half a character in the data travels as an escape, so that the bytes stay valid UTF-8', () => {
  expect(toOutboxRow(event({ data: 'a\ud83d\0' }), NOW).data.toString()).toBe('"a\\ud83d\\u0000"');
});
