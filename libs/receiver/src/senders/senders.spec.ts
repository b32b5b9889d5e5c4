import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseSecret, signStandard } from '#libs/signing';
import type { IncomingRequest } from '../request.js';
import {
  BODY,
  ID,
  SEC,
  SECONDS,
  SIGNED_CASES,
  type SignedCase,
  TIME,
} from '../../../../test/support/signed-cases.js';
import type { Reading } from '../sender.js';
import { senders } from './senders.js';

function requestOf(
  { headers, body = BODY }: SignedCase,
  changes: Partial<IncomingRequest> = {},
): IncomingRequest {
  return { method: 'POST', url: '/hook', headers, body: Buffer.from(body), ...changes };
}

function read(one: SignedCase, changes: Partial<IncomingRequest> = {}, offsetSeconds = 0): Reading {
  const now = new Date(((one.seconds ?? SECONDS) + offsetSeconds) * 1000);
  return one.sender.read(requestOf(one, changes), now);
}

const isFixedProof = (one: SignedCase): boolean => one.proof === 'authorization';

describe.each(Object.entries(SIGNED_CASES))('%s', (_, one) => {
  test('what its sender signed is taken, with its type and its bytes', () => {
    const reading = read(one);
    expect(reading).toMatchObject({ kind: 'events', events: [{ type: one.type ?? '' }] });
    if (reading.kind !== 'events' || isFixedProof(one)) return;
    expect(reading.events[0]?.payload.toString()).toBe(one.body ?? BODY);
  });

  test('a change of one character of the proof is refused, and so is one more or one less', () => {
    const proof = one.headers[one.proof] ?? '';
    fc.assert(
      fc.property(fc.nat({ max: proof.length - 1 }), fc.constantFrom('0', 'A', '_', ''), (at, other) => {
        fc.pre(proof[at] !== other);
        const changed = proof.slice(0, at) + other + proof.slice(at + 1);
        expect(refusedOrNot(one, changed)).toBe('refused');
      }),
    );
    expect(refusedOrNot(one, `${proof}=`)).toBe('refused');
    expect(refusedOrNot(one, '')).toBe('refused');
  });

  test('a change of the body is refused', () => {
    if (isFixedProof(one)) return;
    const body = Buffer.from(`${one.body ?? BODY} `);
    expect(read(one, { body }).kind).toBe('refused');
  });

  test('nothing that anybody sends makes it throw, and nothing unsigned is taken', () => {
    const names = fc.constantFrom(...Object.keys(one.headers), 'x-hook-secret', '__proto__');
    const headers = fc.dictionary(names, fc.string());
    const body = fc.oneof(fc.string(), fc.json()).map((text) => Buffer.from(text));
    const url = fc.constantFrom(
      '/',
      '/?challengeCode',
      '/?a=%zz',
      '/?hub.mode=x&challenge=',
      '//x?crc_token=',
    );
    fc.assert(
      fc.property(fc.constantFrom('GET', 'POST', 'OPTIONS'), url, headers, body, (method, ...rest) => {
        const [address, fields, bytes] = rest;
        const reading = read(one, { method, url: address, headers: fields, body: bytes });
        expect(reading.kind).not.toBe('events');
      }),
    );
  });
});

function refusedOrNot(one: SignedCase, proof: string): Reading['kind'] {
  return read(one, { headers: { ...one.headers, [one.proof]: proof } }).kind;
}

const TIMED = [
  'standard v1',
  'standard v1a',
  'stripe',
  'slack',
  'zoom',
  'twitch',
  'custom-hmac, with id and time',
];

test.each(TIMED)('%s: a signature counts for five minutes around its time', (name) => {
  const one = SIGNED_CASES[name];
  if (!one) throw new Error(name);
  const kinds = [-301, -300, 300, 301].map((offset) => read(one, {}, offset).kind);
  expect(kinds).toEqual(['refused', 'events', 'events', 'refused']);
});

test('upper-case hexadecimal, a missing pad and another base64 alphabet are other signatures', () => {
  const { github, kloudless } = SIGNED_CASES;
  if (!github || !kloudless) throw new Error('cases');
  const [hex = '', base64 = ''] = [github.headers[github.proof], kloudless.headers[kloudless.proof]];
  expect(refusedOrNot(github, `sha256=${hex.slice(7).toUpperCase()}`)).toBe('refused');
  expect(refusedOrNot(kloudless, base64.replace('=', ''))).toBe('refused');
  expect(refusedOrNot(kloudless, base64.replaceAll('+', '-').replaceAll('/', '_'))).toBe('refused');
});

test('one fitting signature of a list is enough, as during a rotation', () => {
  const { stripe, 'standard v1a': asymmetric } = SIGNED_CASES;
  if (!stripe || !asymmetric) throw new Error('cases');
  const header = stripe.headers['stripe-signature']?.replace(',v1=', `,v0=x,v1=${'0'.repeat(64)},v1=`);
  expect(read(stripe, { headers: { 'stripe-signature': String(header) } }).kind).toBe('events');
  const signatures = `v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE= v1a,AAAA ${asymmetric.headers['webhook-signature']}`;
  const headers = { ...asymmetric.headers, 'webhook-signature': signatures };
  expect(read(asymmetric, { headers }).kind).toBe('events');
});

test('a standard id with a dot is refused: the signed text could be cut in another place', () => {
  const cut = `${ID}.${SECONDS}.{"a":"x`;
  const body = Buffer.from('y"}');
  const keys = [parseSecret(SEC)];
  const signature = signStandard({ id: cut, timestamp: SECONDS, body, keys });
  const headers = { 'webhook-id': cut, 'webhook-timestamp': TIME, 'webhook-signature': signature };
  const reading = senders
    .standard({ secrets: [SEC] })
    .read({ method: 'POST', url: '/', headers, body }, new Date(SECONDS * 1000));
  expect(reading.kind).toBe('refused');
});

test.each<[string, () => unknown]>([
  ['no secret', () => senders.github({ secrets: [] })],
  ['an empty secret', () => senders.slack({ secrets: [''] })],
  ['neither secret nor public key', () => senders.standard({})],
  ['a public key that is none', () => senders.standard({ publicKeys: ['whpk_AAAA'] })],
  ['an empty bearer token', () => senders.cloudEvents({ origins: [], proof: { bearer: '' } })],
  [
    'a template without the body',
    () => senders.customHmac({ secrets: ['s'], header: 'x', template: '{id}' }),
  ],
])('a sender with %s is refused when it is made', (_, make) => {
  expect(make).toThrow();
});
