import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toTypeId } from '#libs/kernel';
import {
  type ChallengeAnswer,
  HANDSHAKE_NAMES,
  type HandshakeName,
  handshakeNamed,
  type HandshakeRequest,
  judgeAnswer,
  type ProofVerdict,
  type Question,
} from '../index.js';
import { vectorNamed } from '../../../../test/support/protocol-vectors.js';
import { twitterResponse } from './twitter.handshake.js';
import { zoomResponse } from './zoom.handshake.js';

const CODE = 'Zq3tN8yQbR5vX0wLk7Jd2A';
const KEY = Buffer.from('a shared secret');
const SUBSCRIPTION = '9495ddbf-7d4a-0b9f-030a-3411c87f967d';
/** Its first 52 bits. */
const NUMBER = 0x9495ddbf7d4a0;
const config = {
  topic: 'https://book.example/feed',
  lease: 3600,
  verifyToken: 'letmein',
  appId: 'APPID',
  project: 'p',
  bucket: 'b',
};
const question: Question = {
  challenge: {
    id: 'msg_0123456789abcdef0123456789abcdef',
    subscriptionId: toTypeId('sub', SUBSCRIPTION),
    code: CODE,
    timestamp: new Date('2026-11-22T04:00:00Z'),
  },
  url: 'https://hooks.example.org/in?x=1',
  registeredUrl: 'https://hooks.example.org/in?x=1',
  keys: [KEY],
  config,
  origin: 'bellhop.example',
  callbackUrl: null,
  sign: (body) => ({ 'x-event': 'delivery', 'x-signature': `over ${body.length} bytes` }),
};
const asks = (name: HandshakeName, change: Partial<Question> = {}): HandshakeRequest =>
  handshakeNamed(name).request({ ...question, ...change });
const answer = (body: string, headers: Record<string, string> = {}, status = 200): ChallengeAnswer => ({
  status,
  headers,
  body: Buffer.from(body),
  isTruncated: false,
});
const verdict = (name: HandshakeName, given: ChallengeAnswer, change: Partial<Question> = {}): ProofVerdict =>
  judgeAnswer(handshakeNamed(name), { ...question, ...change, answer: given });
const json = (value: object): ChallengeAnswer => answer(JSON.stringify(value));

const IN = 'https://hooks.example.org/in?x=1';
test.each<[HandshakeName, string, string]>([
  [
    'websub',
    'GET',
    `${IN}&hub.mode=subscribe&hub.topic=https%3A%2F%2Fbook.example%2Ffeed&hub.challenge=${CODE}&hub.lease_seconds=3600`,
  ],
  ['meta', 'GET', `${IN}&hub.mode=subscribe&hub.challenge=${CODE}&hub.verify_token=letmein`],
  ['twitter', 'GET', `${IN}&crc_token=${CODE}`],
  ['dropbox', 'GET', `${IN}&challenge=${CODE}`],
  ['msgraph', 'POST', `${IN}&validationToken=${CODE}`],
  ['okta', 'GET', IN],
  ['slack', 'POST', IN],
  ['zoom', 'POST', IN],
  ['smartsheet', 'POST', IN],
  ['asana', 'POST', IN],
  ['twitch', 'POST', IN],
  ['github', 'POST', IN],
  ['cloudevents', 'OPTIONS', IN],
  ['trello', 'HEAD', IN],
  ['discord', 'POST', IN],
])('%s asks with %s %s', (name, method, url) => {
  expect(asks(name)).toMatchObject({ method, url });
});

test.each<[HandshakeName, object]>([
  ['slack', { token: '', challenge: CODE, type: 'url_verification' }],
  ['zoom', { event: 'endpoint.url_validation', payload: { plainToken: CODE }, event_ts: 1_795_320_000_000 }],
  ['smartsheet', { challenge: CODE, webhookId: NUMBER }],
  [
    'twitch',
    { challenge: CODE, subscription: { id: SUBSCRIPTION, status: 'webhook_callback_verification_pending' } },
  ],
  ['github', { hook_id: NUMBER, hook: { id: NUMBER, active: true } }],
  ['discord', { version: 1, type: 0 }],
])('%s puts its question in signed JSON', (name, body) => {
  const request = asks(name);
  expect(JSON.parse(request.body.toString())).toMatchObject(body);
  expect(request.headers).toMatchObject({
    'content-type': 'application/json',
    'x-signature': `over ${request.body.length} bytes`,
  });
});

test.each<[HandshakeName, Record<string, string>]>([
  ['okta', { 'X-Okta-Verification-Challenge': CODE }],
  ['smartsheet', { 'Smartsheet-Hook-Challenge': CODE }],
  ['asana', { 'X-Hook-Secret': 'a shared secret' }],
  ['twitch', { 'Twitch-Eventsub-Message-Type': 'webhook_callback_verification' }],
  [
    'github',
    {
      'X-GitHub-Event': 'ping',
      'X-GitHub-Delivery': '01234567-89ab-cdef-0123-456789abcdef',
      'X-GitHub-Hook-ID': String(NUMBER),
    },
  ],
  ['cloudevents', { 'WebHook-Request-Origin': 'bellhop.example' }],
])('%s puts in its headers: %j', (name, headers) => {
  expect(asks(name).headers).toMatchObject(headers);
});

test('what a handshake says of itself replaces what the profile says of deliveries, in any spelling', () => {
  const sign = (): Record<string, string> => ({ 'x-github-event': 'guestbook.entry.created', other: 'kept' });
  expect(asks('github', { sign }).headers).toMatchObject({ 'X-GitHub-Event': 'ping', other: 'kept' });
  expect(asks('github', { sign }).headers).not.toHaveProperty('x-github-event');
});

const ZOOM = zoomResponse(KEY, CODE);
const PROOFS: [HandshakeName, ChallengeAnswer][] = [
  ['websub', answer(CODE)],
  ['meta', answer(CODE)],
  ['dropbox', answer(`${CODE}\n`)],
  ['msgraph', answer(CODE, { 'content-type': 'text/plain' })],
  ['okta', json({ verification: CODE })],
  ['slack', answer(CODE)],
  ['slack', answer(`challenge=${CODE}`)],
  ['slack', json({ challenge: CODE })],
  ['zoom', json({ plainToken: CODE, encryptedToken: ZOOM })],
  ['twitter', json({ response_token: twitterResponse(KEY, CODE) })],
  ['smartsheet', answer('', { 'smartsheet-hook-response': CODE })],
  ['smartsheet', json({ smartsheetHookResponse: CODE })],
  ['asana', answer('', { 'x-hook-secret': 'a shared secret' }, 204)],
  ['twitch', answer(CODE)],
  ['github', answer('', {}, 202)],
  ['trello', answer('')],
  ['discord', answer('', {}, 204)],
  ['cloudevents', answer('', { 'webhook-allowed-origin': 'bellhop.example' })],
  ['cloudevents', answer('', { 'webhook-allowed-origin': '*', 'webhook-allowed-rate': '*' }, 405)],
];
test.each(PROOFS)('%s is proven by the answer that its documentation asks for', (name, proof) => {
  expect(verdict(name, proof).isProven).toBe(true);
});

const ECHOING = HANDSHAKE_NAMES.filter(
  (name) => !['none', 'ping', 'github', 'trello', 'discord'].includes(name),
);
test.each(ECHOING)('%s: nothing, another code, a page, a longer and a shorter text prove nothing', (name) => {
  const other = 'AAAAAAAAAAAAAAAAAAAAAA';
  const wrong = [
    '',
    other,
    'ok',
    '<html>',
    `${CODE}x`,
    CODE.slice(1),
    '{}',
    '[]',
    'null',
    `{"challenge":"${other}"}`,
  ];
  for (const body of wrong) expect(verdict(name, answer(body)).isProven, body).toBe(false);
  const headers = {
    'x-hook-secret': 'x',
    'smartsheet-hook-response': other,
    'webhook-allowed-origin': 'elsewhere.example',
  };
  expect(verdict(name, answer('', headers)).isProven).toBe(false);
});

test.each(ECHOING)('%s: no body makes the judge throw or proves by chance', (name) => {
  fc.assert(
    fc.property(fc.string(), fc.json(), (text, value) => {
      return !verdict(name, answer(text)).isProven && !verdict(name, answer(value)).isProven;
    }),
    { numRuns: 50 },
  );
});

test.each([...HANDSHAKE_NAMES])('%s: a redirect and an error of the server prove nothing', (name) => {
  const [, proof = answer('')] = PROOFS.find(([known]) => known === name) ?? [];
  for (const status of name === 'cloudevents' ? [301, 302, 307] : [301, 302, 307, 404, 500]) {
    expect(verdict(name, { ...proof, status })).toMatchObject({
      isProven: false,
      errorType: 'challenge_status',
    });
  }
});

test.each<[HandshakeName, number]>([
  ['trello', 204],
  ['discord', 200],
  ['discord', 401],
])('%s: status %i proves nothing', (name, status) => {
  expect(verdict(name, answer('', {}, status))).toMatchObject({ errorType: 'challenge_status' });
});

test('websub: the body repeats the challenge to the letter', () => {
  expect(verdict('websub', answer(`${CODE}\n`)).isProven).toBe(false);
});

test('websub: the mode decides what is asked, and whoever is denied is asked nothing', () => {
  const asked = (terms: object): string =>
    new URL(asks('websub', { config: { ...config, ...terms } }).url).search;
  expect(asked({ mode: 'unsubscribe' })).toBe(
    `?x=1&hub.mode=unsubscribe&hub.topic=https%3A%2F%2Fbook.example%2Ffeed&hub.challenge=${CODE}`,
  );
  expect(asked({ mode: 'denied', reason: 'No & never' })).toBe(
    '?x=1&hub.mode=denied&hub.topic=https%3A%2F%2Fbook.example%2Ffeed&hub.reason=No%20%26%20never',
  );
  expect(verdict('websub', answer(''), { config: { mode: 'denied' } }).isProven).toBe(true);
  expect(verdict('websub', answer(''), { config: { mode: 'unsubscribe' } }).isProven).toBe(false);
});

test('twitter and zoom: a proof of another key or another token proves nothing; during a rotation each key does', () => {
  const other = Buffer.from('another secret');
  const proof = json({ response_token: twitterResponse(other, CODE) });
  expect(verdict('twitter', proof)).toMatchObject({ errorType: 'challenge_signature' });
  expect(verdict('twitter', proof, { keys: [KEY, other] }).isProven).toBe(true);
  const zoom = json({ plainToken: CODE, encryptedToken: zoomResponse(other, CODE) });
  expect(verdict('zoom', zoom)).toMatchObject({ errorType: 'challenge_signature' });
  expect(verdict('zoom', json({ plainToken: 'x', encryptedToken: zoomResponse(KEY, 'x') })).isProven).toBe(
    false,
  );
});

test('the vectors of twitter and zoom are answered exactly', () => {
  const crc = vectorNamed('twitter', 'crc');
  expect(twitterResponse(Buffer.from(crc.input['secret'] ?? ''), crc.input['crc_token'] ?? '')).toBe(
    crc.output,
  );
  const zoom = vectorNamed('zoom', 'url_validation');
  expect(zoomResponse(Buffer.from(zoom.input['secret'] ?? ''), zoom.input['plainToken'] ?? '')).toBe(
    zoom.output,
  );
});

test('cloudevents: a status is no consent, and a rate that was asked for must be answered', () => {
  expect(verdict('cloudevents', answer(''))).toMatchObject({
    isProven: false,
    errorType: 'challenge_consent',
  });
  const asked = { config: { rate: 600 } };
  expect(asks('cloudevents', asked).headers).toMatchObject({ 'WebHook-Request-Rate': '600' });
  const allowed = { 'webhook-allowed-origin': '*' };
  expect(verdict('cloudevents', answer('', allowed), asked).isProven).toBe(false);
  for (const rate of ['0', '-1', 'many', '1.5', '']) {
    expect(
      verdict('cloudevents', answer('', { ...allowed, 'webhook-allowed-rate': rate }), asked).isProven,
    ).toBe(false);
  }
  const limited = answer('', { ...allowed, 'webhook-allowed-rate': '100' });
  for (const change of [asked, {}]) {
    expect(verdict('cloudevents', limited, change)).toMatchObject({ isProven: true, allowedPerMinute: 100 });
  }
});

test('cloudevents: with a callback the receiver may withhold its consent for now', () => {
  const change = { callbackUrl: 'https://bellhop.example/consent/x' };
  expect(asks('cloudevents', change).headers).toMatchObject({
    'WebHook-Request-Callback': change.callbackUrl,
  });
  expect(verdict('cloudevents', answer('', {}, 405), change)).toMatchObject({
    isProven: false,
    isAwaited: true,
  });
  const denied = answer('', { 'webhook-allowed-origin': 'elsewhere.example' });
  expect(verdict('cloudevents', denied, change)).not.toHaveProperty('isAwaited');
});

test.each([...HANDSHAKE_NAMES])(
  '%s: a code is a fresh one, and can be no signed text of ours or of others',
  (name) => {
    const { newCode } = handshakeNamed(name);
    const codes = new Set(Array.from({ length: 50 }, newCode));
    expect(codes.size).toBe(50);
    for (const code of codes) expect(code).toMatch(/^[A-Za-z0-9_-]{10,48}$/);
    // A delivery's signed text has a dot or a brace, and the proof of ours a line break.
  },
);

test('meta: the code is a number that fits into 32 bits', () => {
  for (let round = 0; round < 100; round++) {
    const code = handshakeNamed('meta').newCode();
    expect(String(Math.trunc(Number(code)) | 0)).toBe(code);
  }
});
