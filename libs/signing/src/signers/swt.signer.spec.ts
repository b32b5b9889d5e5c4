import { createHash, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { swtSigner, type SwtRules } from './swt.signer.js';

const KEY = Buffer.from('swt-secret');
const NOW = 1_700_000_000;
const BODY = Buffer.from('{"name":"Zoë 😀"}');

interface Sent {
  readonly body?: Buffer;
  readonly timestamp?: number;
  readonly keys?: readonly Buffer[];
  readonly attempt?: number;
}

function tokenOf(
  { body = BODY, timestamp = NOW, keys = [KEY], attempt = 1 }: Sent = {},
  rules: Partial<SwtRules> = {},
) {
  const signer = swtSigner({ issuer: 'https://guestbook.example', ...rules });
  return (signer.headers({ id: 'msg_1', timestamp, body, keys, attempt })['Authorization'] ?? '').replace(
    'Bearer ',
    '',
  );
}

function partOf(token: string, at: number): Record<string, unknown> {
  const text = Buffer.from(token.split('.')[at] ?? '', 'base64url').toString();
  return JSON.parse(text) as Record<string, unknown>;
}

test('the claims are those of the draft; the digest is left out where there is no body', () => {
  expect(partOf(tokenOf(), 0)).toEqual({ alg: 'HS256', typ: 'SWT' });
  expect(partOf(tokenOf(), 1)).toEqual({
    webhook: {
      event: 'webhook.challenge',
      hash: `sha-256:${createHash('sha256').update(BODY).digest('hex')}`,
    },
    iss: 'https://guestbook.example',
    exp: NOW + 300,
    nbf: NOW,
    iat: NOW,
    jti: expect.stringMatching(
      /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    ) as string,
  });
  expect(partOf(tokenOf({ body: Buffer.alloc(0) }), 1)['webhook']).toEqual({ event: 'webhook.challenge' });
});

test('each attempt has a token of its own, and an attempt has one', () => {
  expect(tokenOf()).toBe(tokenOf());
  expect(partOf(tokenOf({ timestamp: NOW + 1 }), 1)['jti']).not.toBe(partOf(tokenOf(), 1)['jti']);
  const again = partOf(tokenOf({ attempt: 3 }), 1);
  expect(again['jti']).not.toBe(partOf(tokenOf(), 1)['jti']);
  expect(again['webhook']).toMatchObject({ event: 'webhook.challenge', retry_count: 2 });
});

test.each([
  ['HS256', 'sha256'],
  ['HS384', 'sha384'],
  ['HS512', 'sha512'],
] as const)('%s is the HMAC of whatever is sent, by the newest secret', (algorithm, digest) => {
  const bytes = fc.uint8Array({ maxLength: 64 }).map((given) => Buffer.from(given));
  fc.assert(
    fc.property(bytes, bytes, fc.nat({ max: 4_000_000_000 }), (body, key, timestamp) => {
      const token = tokenOf({ body, timestamp, keys: [key, KEY] }, { algorithm });
      expect(token).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
      const signed = token.slice(0, token.lastIndexOf('.'));
      expect(token).toBe(`${signed}.${createHmac(digest, key).update(signed).digest('base64url')}`);
      expect(partOf(token, 0)['alg']).toBe(algorithm);
    }),
    { numRuns: 30 },
  );
});

test('without a key there is no token', () => {
  expect(tokenOf({ keys: [] })).toBe('');
});
