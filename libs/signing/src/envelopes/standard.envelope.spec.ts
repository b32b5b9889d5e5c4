import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dialectOf, profileNamed } from '../index.js';
import { standardBody } from './standard.envelope.js';

const event = {
  id: '01900000-0000-7000-8000-000000000002',
  tenantId: '01900000-0000-7000-8000-000000000001',
  type: 'guestbook.entry.created',
  subject: null,
  timestamp: new Date('2026-11-22T04:00:00Z'),
  data: Buffer.from('{"id":"42"}'),
};

test('the body is type, timestamp and data, in this order and without spaces', () => {
  const body = standardBody(event);
  expect(body).toHaveLength(92);
  expect(body.toString()).toBe(
    '{"type":"guestbook.entry.created","timestamp":"2026-11-22T04:00:00.000Z","data":{"id":"42"}}',
  );
});

test('the bytes of data are carried as they are, whatever they are', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const data = Buffer.from(bytes);
      const body = standardBody({ ...event, data });
      expect(body.subarray(body.length - data.length - 1, -1).equals(data)).toBe(true);
    }),
  );
});

test('numbers that JavaScript would round and the order of members survive', () => {
  const data = Buffer.from('{"10":1,"2":9007199254740993,"e":1.0e2}');
  expect(standardBody({ ...event, data }).toString()).toContain(data.toString());
});

test('the profile standard says what it sends, and sends the signatures over these bytes', () => {
  const dialect = dialectOf({ profile: 'standard' }, '');
  const body = dialect.envelope.body(event);
  const keys = [dialect.secret.parse('whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=')];
  expect(
    dialect.headers({ id: 'msg_2KWPBgLlAfxdpx2AI54pPJ85f4W', timestamp: 1700000000, body, keys }),
  ).toEqual({
    'Content-Type': 'application/json',
    'webhook-id': 'msg_2KWPBgLlAfxdpx2AI54pPJ85f4W',
    'webhook-timestamp': '1700000000',
    'webhook-signature': 'v1,x8hLuHVuk5scQ3V2ehw/0nkArerOH67Qc6mxjcIULmA=',
  });
  expect(dialect.transport).toMatchObject({ framing: 'content-length', expectedAnswer: null });
});

test('a profile that does not exist is refused by name', () => {
  expect(() => profileNamed('constructor')).toThrow(expect.objectContaining({ code: 'unknown_profile' }));
});
