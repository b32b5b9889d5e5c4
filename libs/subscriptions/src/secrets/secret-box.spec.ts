import { randomBytes } from 'node:crypto';
import { loadConfig } from '#libs/config';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SecretBox, SecretUnreadableError } from './secret-box.js';

const key = (id: string): string => `${id}:${randomBytes(32).toString('base64')}`;
const box = (...keys: string[]): SecretBox =>
  new SecretBox(loadConfig({ BELLHOP_SECRET_KEYS: keys.join(',') }));
const [first, second] = [key('k1'), key('k2')];
const id = '01900000-0000-7000-8000-000000000007';

test('what is sealed is opened again, and never looks the same twice', () => {
  const secrets = box(first);
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const [one, two] = [secrets.seal(text, id), secrets.seal(text, id)];
      expect(secrets.open(one, id)).toBe(text);
      expect(one.ciphertext.equals(two.ciphertext)).toBe(false);
    }),
    { numRuns: 30 },
  );
});

test('a secret is bound to its subscription', () => {
  const sealed = box(first).seal('whsec_canary', id);
  expect(() => box(first).open(sealed, '01900000-0000-7000-8000-000000000008')).toThrow(
    SecretUnreadableError,
  );
});

test('a changed byte anywhere is noticed', () => {
  const secrets = box(first);
  const { ciphertext, keyId } = secrets.seal('whsec_canary', id);
  for (let at = 0; at < ciphertext.length; at += 1) {
    const changed = Buffer.from(ciphertext);
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(() => secrets.open({ ciphertext: changed, keyId }, id)).toThrow(SecretUnreadableError);
  }
  expect(() => secrets.open({ ciphertext: Buffer.alloc(3), keyId }, id)).toThrow(SecretUnreadableError);
});

test('the first key of the ring encrypts, the others still decrypt', () => {
  const old = box(first).seal('whsec_canary', id);
  const rotated = box(second, first);
  expect(rotated.open(old, id)).toBe('whsec_canary');
  expect(rotated.seal('x', id).keyId).toBe('k2');
});

test('without its key a secret stays closed, and the error does not show it', () => {
  const sealed = box(first).seal('whsec_canary', id);
  expect(() => box(second).open(sealed, id)).toThrow(/no key "k1"/);
});

test('production seals nothing with the development key', () => {
  const env = { NODE_ENV: 'production', DATABASE_URL: 'postgres://db/bellhop' };
  expect(() => new SecretBox(loadConfig(env))).toThrow(/BELLHOP_SECRET_KEYS/);
});
