import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newSecret, parseSecret } from '../index.js';

test('a new secret is read back as 32 bytes, and no two are equal', () => {
  const secret = newSecret();
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(parseSecret(secret)).toHaveLength(32);
  expect(newSecret()).not.toBe(secret);
});

test('every secret of 24 to 64 bytes in standard base64 is read as its bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 24, maxLength: 64 }), (bytes) => {
      const key = Buffer.from(bytes);
      expect(parseSecret(`whsec_${key.toString('base64')}`).equals(key)).toBe(true);
    }),
  );
});

const bytes = (length: number): Buffer => Buffer.alloc(length, 0xfb);
test.each([
  ['nothing', ''],
  ['the prefix alone', 'whsec_'],
  ['another prefix', `whpk_${bytes(32).toString('base64')}`],
  ['no prefix', bytes(32).toString('base64')],
  ['23 bytes', `whsec_${bytes(23).toString('base64')}`],
  ['65 bytes', `whsec_${bytes(65).toString('base64')}`],
  ['a megabyte', `whsec_${bytes(1_000_000).toString('base64')}`],
  ['the URL-safe alphabet', `whsec_${bytes(32).toString('base64url')}=`],
  ['missing padding', `whsec_${bytes(32).toString('base64').replace(/=+$/, '')}`],
  ['a line break', `whsec_${bytes(32).toString('base64')}\n`],
  ['another spelling of the last character', `whsec_${bytes(31).toString('base64').replace(/.==$/, 'x==')}`],
])('a secret with %s is refused', (_what, text) => {
  expect(() => parseSecret(text)).toThrow(
    expect.objectContaining({ kind: 'invalid', code: 'invalid_secret' }),
  );
});

test('an invalid secret is not repeated in the error', () => {
  expect(messageOf(() => parseSecret('whsec_canary'))).not.toContain('canary');
});

function messageOf(action: () => unknown): string {
  try {
    action();
    return '';
  } catch (error) {
    return JSON.stringify(error) + String(error);
  }
}
