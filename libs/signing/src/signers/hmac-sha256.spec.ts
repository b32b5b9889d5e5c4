import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hmacSha256 } from './hmac-sha256.js';

/** As OpenSSL makes it. */
function reference(key: Buffer, head: string, body: Buffer): string {
  return createHmac('sha256', key).update(head).update(body).digest('base64');
}

const bytes = (maxLength: number): fc.Arbitrary<Buffer> =>
  fc.uint8Array({ maxLength, size: 'max' }).map((array) => Buffer.from(array));
const text = fc.oneof(fc.string({ unit: 'binary-ascii', maxLength: 100 }), fc.string({ unit: 'binary' }));

test('a published vector is met (RFC 4231, 4.3)', () => {
  const digest = hmacSha256(Buffer.from('Jefe'), 'what do ya want ', Buffer.from('for nothing?'), 'hex');
  expect(digest).toBe('5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843');
});

test('it is what OpenSSL makes of every key, text and body', () => {
  fc.assert(
    fc.property(bytes(200), text, bytes(2000), (key, head, body) => {
      expect(hmacSha256(key, head, body, 'base64')).toBe(reference(key, head, body));
    }),
    { numRuns: 500 },
  );
});

test.each([0, 1, 63, 64, 65, 200])('a key of %i bytes', (length) => {
  const key = Buffer.alloc(length, 0xa5);
  expect(hmacSha256(key, 'id.1.', Buffer.from('{}'), 'base64')).toBe(
    reference(key, 'id.1.', Buffer.from('{}')),
  );
});

test.each([16_369, 16_370, 256 * 1024])('a body of %i bytes after five letters', (length) => {
  const [key, body] = [Buffer.alloc(32, 1), Buffer.alloc(length, 0x5a)];
  expect(hmacSha256(key, 'id.1.', body, 'base64')).toBe(reference(key, 'id.1.', body));
});

test('what was signed before leaves no trace', () => {
  const [key, body] = [Buffer.alloc(32, 7), Buffer.from('{}')];
  hmacSha256(Buffer.alloc(64, 0xff), 'x'.repeat(90), Buffer.alloc(900, 0xff), 'base64');
  expect(hmacSha256(key, '', body, 'base64')).toBe(reference(key, '', body));
});
