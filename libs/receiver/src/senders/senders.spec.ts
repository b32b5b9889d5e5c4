import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseSecret, signStandard } from '#libs/signing';
import type { IncomingRequest } from '../request.js';
import type { Reading, Sender } from '../sender.js';
import { senders } from './senders.js';

const SEC = 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=';
const ID = 'msg_2KWPBgLlAfxdpx2AI54pPJ85f4W';
const BODY = '{"type":"guestbook.entry.created","timestamp":"2026-11-22T04:00:00.000Z","data":{"id":"42"}}';
const SECONDS = 1700000000;
const TIME = String(SECONDS);

interface Case {
  readonly sender: Sender;
  readonly headers: Readonly<Record<string, string>>;
  /** The header whose change must be noticed; the signature, unless the proof is another one. */
  readonly proof: string;
  readonly body?: string;
  readonly seconds?: number;
  readonly type?: string;
}

const hmacOf = (key: string, text: string, encoding: 'hex' | 'base64' = 'hex'): string =>
  createHmac('sha256', key).update(text).digest(encoding);
const standardHeaders = (body: string): Record<string, string> => ({
  'webhook-id': ID,
  'webhook-timestamp': TIME,
  'webhook-signature': signStandard({
    id: ID,
    timestamp: SECONDS,
    body: Buffer.from(body),
    keys: [parseSecret(SEC)],
  }),
});
const twitchTime = new Date(SECONDS * 1000).toISOString();
const MCS_BODY =
  '{"Records":[{"s3":{"object":{"key":"entries/1.json","sequencer":1,"size":2},"bucket":{"name":"guestbook"}},"eventName":"s3:ObjectCreated:Put"}]}';

/** Signatures of the published vectors where there are any. */
const CASES: Readonly<Record<string, Case>> = {
  'standard v1': {
    sender: senders.standard({ secrets: [SEC] }),
    headers: {
      'webhook-id': ID,
      'webhook-timestamp': TIME,
      'webhook-signature': 'v1,x8hLuHVuk5scQ3V2ehw/0nkArerOH67Qc6mxjcIULmA=',
    },
    proof: 'webhook-signature',
    type: 'guestbook.entry.created',
  },
  'standard v1a': {
    sender: senders.standard({ publicKeys: ['whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4='] }),
    headers: {
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature':
        'v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==',
    },
    proof: 'webhook-signature',
    body: '{"test": 2432232314}',
    seconds: 1614265330,
  },
  github: {
    sender: senders.github({ secrets: ['other', SEC] }),
    headers: {
      'x-github-delivery': 'd-1',
      'x-github-event': 'guestbook.entry.created',
      'x-hub-signature-256': 'sha256=b2681e45b2088ac30f2b5b09ab789f5a158fe4f1718f24d5521902bb993ed27a',
    },
    proof: 'x-hub-signature-256',
    type: 'guestbook.entry.created',
  },
  stripe: {
    sender: senders.stripe({ secrets: [SEC] }),
    headers: {
      'stripe-signature': `t=${TIME},v1=7ba6f6600b2159fa8c29a0c66787d6d74864d9db37ff4806c35001a9921ef865`,
    },
    proof: 'stripe-signature',
    type: 'guestbook.entry.created',
  },
  slack: {
    sender: senders.slack({ secrets: [SEC] }),
    headers: {
      'x-slack-request-timestamp': TIME,
      'x-slack-signature': 'v0=18507049d3023751afbdf1e12591cf18b822e8309534d253088148acfc600d4d',
    },
    proof: 'x-slack-signature',
    type: 'guestbook.entry.created',
  },
  preservica: {
    sender: senders.preservica({ secrets: [SEC] }),
    headers: { 'preservica-signature': 'a3675b80ad09dce5cd2f3dbb8ac6c67fbf796995cf63072ad591cbaf4a4a2025' },
    proof: 'preservica-signature',
  },
  kloudless: {
    sender: senders.kloudless({ apiKeys: ['KEY'], applicationId: 'APPID' }),
    headers: { 'x-kloudless-signature': 'g8nnbnRoQRB5kD+nHJGvzQuGsXFUtV79G/X7NW6Xunk=' },
    proof: 'x-kloudless-signature',
    body: 'account=593652',
    type: 'account.changed',
  },
  'mcs-s3': {
    sender: senders.mcsS3({
      url: 'http://test.com',
      topics: ['mcs1|guestbook'],
      signedBy: { secrets: [SEC] },
    }),
    headers: standardHeaders(MCS_BODY),
    proof: 'webhook-signature',
    body: MCS_BODY,
    type: 's3:ObjectCreated:Put',
  },
  'custom-hmac, of another vendor': {
    sender: senders.customHmac({
      secrets: ['hush'],
      header: 'X-Shopify-Hmac-Sha256',
      encoding: 'base64',
      idHeader: 'X-Shopify-Event-Id',
    }),
    headers: { 'x-shopify-hmac-sha256': 'VnKUjZsLuN5iZWjn5EntcBVCF9kMN43LglzCE1/GSeY=' },
    proof: 'x-shopify-hmac-sha256',
    body: '{"id":1}',
  },
  'custom-hmac, with body and URL': {
    sender: senders.customHmac({
      secrets: ['trello-secret'],
      header: 'X-Trello-Webhook',
      algorithm: 'sha1',
      encoding: 'base64',
      template: '{body}{url}',
      url: 'https://hooks.example.org/trello?x=1',
    }),
    headers: { 'x-trello-webhook': 'coU5LFg2XYRQ4nVaHmgiPrqc/2A=' },
    proof: 'x-trello-webhook',
    body: '{"action":{}}',
  },
  'custom-hmac, with id and time': {
    sender: senders.customHmac({
      secrets: ['00ff'],
      keyEncoding: 'hex',
      header: 'X-Sig',
      prefix: 'v9=',
      template: '{id}:{timestamp}:{body}',
      idHeader: 'X-Id',
      timestampHeader: 'X-Time',
    }),
    headers: {
      'x-id': 'e1',
      'x-time': TIME,
      'x-sig': `v9=${createHmac('sha256', Buffer.from('00ff', 'hex')).update(`e1:${TIME}:${BODY}`).digest('hex')}`,
    },
    proof: 'x-sig',
    type: 'guestbook.entry.created',
  },
  websub: {
    sender: senders.websub({ secrets: ['websub-secret'], topics: ['https://example.org/feed'] }),
    headers: {
      'x-hub-signature': 'sha256=4c2e585c6c7c4d33d72a7b8bd87433dc2bcb255e1a6e253ab84227c34df0d96b',
    },
    proof: 'x-hub-signature',
    body: '<feed/>',
    type: 'topic.changed',
  },
  cloudevents: {
    sender: senders.cloudEvents({ origins: ['hooks.example.org'], proof: { bearer: 'token-1' } }),
    headers: { authorization: 'Bearer token-1', 'content-type': 'application/cloudevents+json' },
    proof: 'authorization',
    body: '{"specversion":"1.0","id":"1","source":"/g","type":"a.b"}',
    type: 'a.b',
  },
  meta: {
    sender: senders.meta({ secrets: [SEC], verifyToken: 'tok' }),
    headers: {
      'x-hub-signature-256': 'sha256=b2681e45b2088ac30f2b5b09ab789f5a158fe4f1718f24d5521902bb993ed27a',
    },
    proof: 'x-hub-signature-256',
    type: 'guestbook.entry.created',
  },
  twitter: {
    sender: senders.twitter({ secrets: ['s'] }),
    headers: { 'x-twitter-webhooks-signature': `sha256=${hmacOf('s', BODY, 'base64')}` },
    proof: 'x-twitter-webhooks-signature',
    type: 'guestbook.entry.created',
  },
  zoom: {
    sender: senders.zoom({ secrets: ['zoom_secret'] }),
    headers: {
      'x-zm-request-timestamp': '1658940994',
      'x-zm-signature': 'v0=7cd3a200ea740cbd8e049b55310c154dba88b541187e4f6e64a45ce69c105298',
    },
    proof: 'x-zm-signature',
    body: '{"event":"meeting.ended"}',
    seconds: 1658940994,
    type: 'meeting.ended',
  },
  dropbox: {
    sender: senders.dropbox({ secrets: ['the_secret'] }),
    headers: { 'x-dropbox-signature': '0a8c16b085420b960dc78664279fe09e936a2a01b1f91064869d9e77dfd64529' },
    proof: 'x-dropbox-signature',
    body: '{"delta": {"users": [12345]}}',
  },
  smartsheet: {
    sender: senders.smartsheet({ secrets: ['s'] }),
    headers: { 'smartsheet-hmac-sha256': hmacOf('s', BODY) },
    proof: 'smartsheet-hmac-sha256',
    type: 'guestbook.entry.created',
  },
  asana: {
    sender: senders.asana({ secret: 's', learned: () => undefined }),
    headers: { 'x-hook-signature': hmacOf('s', BODY) },
    proof: 'x-hook-signature',
    type: 'guestbook.entry.created',
  },
  okta: {
    sender: senders.okta({ authorization: 'secret-1' }),
    headers: { authorization: 'secret-1' },
    proof: 'authorization',
  },
  twitch: {
    sender: senders.twitch({ secrets: ['s'] }),
    headers: {
      'twitch-eventsub-message-id': 'm1',
      'twitch-eventsub-message-timestamp': twitchTime,
      'twitch-eventsub-message-signature': `sha256=${hmacOf('s', `m1${twitchTime}${BODY}`)}`,
    },
    proof: 'twitch-eventsub-message-signature',
  },
};

function requestOf({ headers, body = BODY }: Case, changes: Partial<IncomingRequest> = {}): IncomingRequest {
  return { method: 'POST', url: '/hook', headers, body: Buffer.from(body), ...changes };
}

function read(one: Case, changes: Partial<IncomingRequest> = {}, offsetSeconds = 0): Reading {
  const now = new Date(((one.seconds ?? SECONDS) + offsetSeconds) * 1000);
  return one.sender.read(requestOf(one, changes), now);
}

const isFixedProof = (one: Case): boolean => one.proof === 'authorization';

describe.each(Object.entries(CASES))('%s', (_, one) => {
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

function refusedOrNot(one: Case, proof: string): Reading['kind'] {
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
  const one = CASES[name];
  if (!one) throw new Error(name);
  const kinds = [-301, -300, 300, 301].map((offset) => read(one, {}, offset).kind);
  expect(kinds).toEqual(['refused', 'events', 'events', 'refused']);
});

test('upper-case hexadecimal, a missing pad and another base64 alphabet are other signatures', () => {
  const { github, kloudless } = CASES;
  if (!github || !kloudless) throw new Error('cases');
  const [hex = '', base64 = ''] = [github.headers[github.proof], kloudless.headers[kloudless.proof]];
  expect(refusedOrNot(github, `sha256=${hex.slice(7).toUpperCase()}`)).toBe('refused');
  expect(refusedOrNot(kloudless, base64.replace('=', ''))).toBe('refused');
  expect(refusedOrNot(kloudless, base64.replaceAll('+', '-').replaceAll('/', '_'))).toBe('refused');
});

test('one fitting signature of a list is enough, as during a rotation', () => {
  const { stripe, 'standard v1a': asymmetric } = CASES;
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
