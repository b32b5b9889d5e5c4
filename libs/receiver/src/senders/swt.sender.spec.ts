import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dialectOf } from '#libs/signing';
import { vectorNamed } from '../../../../test/support/protocol-vectors.js';
import { senders } from './senders.js';

const { input, output: TOKEN } = vectorNamed('swt', 'HS256');
const BODY = Buffer.from(input['body'] ?? '');
const NOW = 1_700_000_000;
const sender = senders.swt({ secrets: ['other', 'swt-secret'], issuer: 'https://guestbook.example' });

function read(authorization: string, body = BODY, seconds = NOW): string {
  const request = { method: 'POST', url: '/hook', headers: { authorization }, body };
  return sender.read(request, new Date(seconds * 1000)).kind;
}

function spoken(profileConfig: object) {
  const choice = { profile: 'swt', profileConfig: { ...profileConfig } };
  const dialect = dialectOf(choice, '01900000-0000-7000-8000-000000000003');
  return { dialect, key: dialect.secret.parse('swt-secret') };
}

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const claims = JSON.parse(Buffer.from(TOKEN.split('.')[1] ?? '', 'base64url').toString()) as object;

function signed(header: object, payload: object): string {
  const text = `${encoded(header)}.${encoded(payload)}`;
  return `Bearer ${text}.${createHmac('sha256', 'swt-secret').update(text).digest('base64url')}`;
}

test('the published token is taken, with the event that it names', () => {
  const request = { method: 'POST', url: '/', headers: { authorization: `Bearer ${TOKEN}` }, body: BODY };
  expect(sender.read(request, new Date(NOW * 1000))).toMatchObject({
    kind: 'events',
    events: [{ type: 'guestbook.entry.created', payload: BODY }],
  });
  expect(read(`bearer ${TOKEN}`)).toBe('events');
});

test('another body, time, issuer or kind of token is refused', () => {
  expect(read(`Bearer ${TOKEN}`, Buffer.from(`${BODY.toString()} `))).toBe('refused');
  expect(read(`Bearer ${TOKEN}`, Buffer.alloc(0))).toBe('refused');
  expect(read(`Bearer ${TOKEN}`, BODY, NOW + 301)).toBe('refused');
  expect(read(`Bearer ${TOKEN}`, BODY, NOW - 301)).toBe('refused');
  const header = { alg: 'HS256', typ: 'SWT' };
  expect(read(signed(header, claims))).toBe('events');
  expect(read(signed({ ...header, typ: 'JWT' }, claims))).toBe('refused');
  expect(read(signed({ ...header, alg: 'none' }, claims))).toBe('refused');
  expect(read(`Bearer ${encoded({ alg: 'none', typ: 'SWT' })}.${encoded(claims)}.`)).toBe('refused');
  for (const change of [{ iss: 'https://other.example' }, { exp: NOW - 1 }, { iat: null }, { webhook: {} }])
    expect(read(signed(header, { ...claims, ...change })), JSON.stringify(change)).toBe('refused');
});

test('a request without a body has no digest, and a token without one is for no body', () => {
  const header = { alg: 'HS256', typ: 'SWT' };
  const bare = signed(header, { ...claims, webhook: { event: 'webhook.challenge' } });
  expect(read(bare, Buffer.alloc(0))).toBe('answered');
  expect(read(bare)).toBe('refused');
});

test.each(['HS384', 'HS512'] as const)(
  '%s is taken where it was agreed on, and nowhere else',
  (algorithm) => {
    const { dialect, key } = spoken({ issuer: 'https://guestbook.example', algorithm });
    const headers = dialect.headers({ id: 'msg_1', timestamp: NOW, body: BODY, keys: [key] });
    const authorization = headers['Authorization'] ?? '';
    expect(read(authorization)).toBe('refused');
    const agreed = senders.swt({ secrets: ['swt-secret'], algorithm });
    const request = { method: 'POST', url: '/', headers: { authorization }, body: BODY };
    expect(agreed.read(request, new Date(NOW * 1000)).kind).toBe('answered');
  },
);

test('nothing unsigned is taken, and nothing makes it throw', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.nat({ max: TOKEN.length - 1 }), (text, at) => {
      expect(read(text)).toBe('refused');
      expect(read(`Bearer ${TOKEN.slice(0, at)}${text}`)).toBe('refused');
    }),
  );
});
