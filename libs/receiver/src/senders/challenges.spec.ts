import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { challengeResponse, parseSecret, signStandard } from '#libs/signing';
import { challengeBody } from '../../../../test/support/challenge-body.js';
import type { Answer } from '../request.js';
import type { Reading, Sender } from '../sender.js';
import { senders } from './senders.js';

const SEC = 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=';
const CODE = 'Zq3tN8yQbR5vX0wLk7Jd2A';
const NOW = new Date(1700000000_000);
const TIME = '1700000000';

interface Asked {
  readonly method?: string;
  readonly url?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
}

function ask(sender: Sender, { method = 'POST', url = '/hook', headers = {}, body = '' }: Asked): Reading {
  return sender.read({ method, url, headers, body: Buffer.from(body) }, NOW);
}

function answerOf(sender: Sender, asked: Asked): Answer {
  const reading = ask(sender, asked);
  if (reading.kind !== 'answered') throw new Error(JSON.stringify(reading));
  return reading.answer;
}

const jsonOf = (answer: Answer): unknown => JSON.parse(answer.body);
const v0 = (key: string, body: string): string =>
  `v0=${createHmac('sha256', key).update(`v0:${TIME}:${body}`).digest('hex')}`;

test('Bellhop: the published proof, for a signed challenge alone', () => {
  const challenge = {
    id: 'msg_3ChallengeAAAAAAAAAAAAAAA',
    subscriptionId: 'sub_2KWPBgLlAfxdpx2AI54pPJ85f4W',
    code: CODE,
    timestamp: new Date('2026-11-22T04:00:00Z'),
  };
  const body = challengeBody(challenge);
  const headers = {
    'webhook-id': challenge.id,
    'webhook-timestamp': TIME,
    'webhook-signature': 'v1,h3HdLeu4VSPE0ST2FlVwzhFESUkBpwYNRjlrIcYXt5o=',
  };
  const sender = senders.standard({ secrets: [SEC] });
  const response = 'J4/nlQI/K08oKj4pqVB5UkxZZVqPYptJvJJiro6cSD8=';
  expect(jsonOf(answerOf(sender, { headers, body }))).toEqual({ challenge: CODE, response });
  expect(challengeResponse(parseSecret(SEC), challenge.subscriptionId, CODE)).toBe(response);
  expect(ask(sender, { body }).kind).toBe('refused');
});

test('Bellhop: during a rotation the proof is made with the key that signed', () => {
  const old = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
  const body = `{"type":"webhook.challenge","data":{"subscription_id":"sub_1","challenge":"${CODE}"}}`;
  const signed = { id: 'msg_1', timestamp: 1700000000, body: Buffer.from(body), keys: [parseSecret(old)] };
  const headers = {
    'webhook-id': 'msg_1',
    'webhook-timestamp': TIME,
    'webhook-signature': signStandard(signed),
  };
  const answer = answerOf(senders.standard({ secrets: [SEC, old] }), { headers, body });
  expect(jsonOf(answer)).toMatchObject({ response: challengeResponse(parseSecret(old), 'sub_1', CODE) });
});

const preservica = senders.preservica({ secrets: ['my secret key!'] });

test('Preservica: the code comes back with its HMAC', () => {
  const answer = answerOf(preservica, { url: `/hook?x=1&challengeCode=${CODE}` });
  expect(jsonOf(answer)).toEqual({
    challengeCode: CODE,
    challengeResponse: createHmac('sha256', 'my secret key!').update(CODE).digest('hex'),
  });
});

test('Preservica: no code makes the receiver sign an event', () => {
  const forged = 'preservica-webhook-auth{"events":[{"event":"FORGED"}]}';
  fc.assert(
    fc.property(fc.oneof(fc.constant(forged), fc.string(), fc.string({ minLength: 16 })), (code) => {
      const reading = ask(preservica, { url: `/hook?challengeCode=${encodeURIComponent(code)}` });
      if (reading.kind !== 'answered') return;
      const { challengeResponse: proof } = JSON.parse(reading.answer.body) as { challengeResponse: string };
      const body = code.replace(/^preservica-webhook-auth/, '');
      const event = ask(preservica, { headers: { 'preservica-signature': proof }, body });
      expect(event.kind).toBe('refused');
    }),
  );
  for (const code of [
    forged,
    '',
    'a'.repeat(129),
    'preservica-webhook-auth-00',
    'short',
    '{"a":"aaaaaaaaaaaa"}',
  ]) {
    expect(ask(preservica, { url: `/hook?challengeCode=${encodeURIComponent(code)}` }).kind).toBe('refused');
  }
});

test.each<[string, Sender, (text: string) => Asked]>([
  ['Zoom', senders.zoom({ secrets: ['k'] }), zoomAsked],
  [
    'X',
    senders.twitter({ secrets: ['k'] }),
    (text) => ({ method: 'GET', url: `/?crc_token=${encodeURIComponent(text)}` }),
  ],
])('%s: only a token that cannot be a body is signed', (_, sender, asked) => {
  expect(ask(sender, asked(CODE)).kind).toBe('answered');
  for (const token of ['{"type":"forged.event"}', `v0:${TIME}:{"type":"forged"}`, 'a.b.c.d.e.f.g.h.i.j']) {
    expect(ask(sender, asked(token)).kind).toBe('refused');
  }
});

function zoomAsked(plainToken: string): Asked {
  const body = JSON.stringify({ event: 'endpoint.url_validation', payload: { plainToken } });
  return { body, headers: { 'x-zm-request-timestamp': TIME, 'x-zm-signature': v0('k', body) } };
}

test('Zoom and X: the published proofs', () => {
  const body = '{"event":"endpoint.url_validation","payload":{"plainToken":"qgg8vlvZRS6UYooatFL8Aw"}}';
  const headers = { 'x-zm-request-timestamp': TIME, 'x-zm-signature': v0('zoom_secret', body) };
  expect(jsonOf(answerOf(senders.zoom({ secrets: ['zoom_secret'] }), { headers, body }))).toEqual({
    plainToken: 'qgg8vlvZRS6UYooatFL8Aw',
    encryptedToken: '46a324cfb7c2ec760e4cd561586a53aadb6fc7561eb8d626d6ee1b71d808b3c0',
  });
  const twitter = senders.twitter({ secrets: ['z3ZX4v7mAAUGykl3EcmkqbartmuW8VFOOzCloLx9Q45P0hLrFu'] });
  const url = '/?crc_token=9b4507b3-9040-4669-9ca3-6b94edb50553';
  expect(jsonOf(answerOf(twitter, { method: 'GET', url }))).toEqual({
    response_token: 'sha256=Cytd4Sq+NvEcV3MMrXxWJGJx5A+y/lXzzU2Maartkx8=',
  });
});

test('Slack: a signed code is repeated as text, an unsigned one is not', () => {
  const sender = senders.slack({ secrets: ['k'] });
  const body = `{"type":"url_verification","token":"t","challenge":"${CODE}"}`;
  const headers = { 'x-slack-request-timestamp': TIME, 'x-slack-signature': v0('k', body) };
  const answer = answerOf(sender, { headers, body });
  expect(answer).toMatchObject({ status: 200, body: CODE });
  expect(answer.headers['content-type']).toMatch(/^text\/plain/);
  expect(ask(sender, { body }).kind).toBe('refused');
});

const kloudless = senders.kloudless({ apiKeys: ['KEY'], applicationId: 'APPID' });

test('Kloudless: the application id is the whole answer, to the test and to a notification', () => {
  const test = { 'x-kloudless-signature': 'nlmXEoEa+ffwALnx0PSk5KRj7LXE+ue9qhPjPEZCyG4=' };
  expect(answerOf(kloudless, { headers: test })).toMatchObject({ status: 200, body: 'APPID' });
  const headers = { 'x-kloudless-signature': 'g8nnbnRoQRB5kD+nHJGvzQuGsXFUtV79G/X7NW6Xunk=' };
  const reading = ask(kloudless, { headers, body: 'account=593652' });
  expect(reading).toMatchObject({ events: [{ key: '593652' }], answer: { status: 200, body: 'APPID' } });
  expect(ask(kloudless, {}).kind).toBe('refused');
});

test.each([
  [
    '2020-06-15T15:01:13+03:00',
    'mcs5259999770|myfiles-ash',
    's3:ObjectCreated:*,s3:ObjectRemoved:*',
    'E2itMqAMUVVZc51pUhFWSp13DoxezvRxkUh5P7LEuk1dEe9y',
    'http://89.208.199.220/webhook',
    '3754ce36636f80dfd606c5254d64ecb2fd8d555c27962b70b4f759f32c76b66d',
  ],
  [
    '2019-12-26T19:29:12+03:00',
    'mcs2883541269|bucketA',
    's3:ObjectCreated:Put',
    'RPE5UuG94rGgBH6kHXN9FUPugFxj1hs2aUQc99btJp3E49tA',
    'http://test.com',
    'ea3fce4bb15c6de4fec365d36bcebbc34ccddf54616d5ca12e1972f82b6d37af',
  ],
])('MCS: the published signature of %s, for a topic that is wanted', (...row) => {
  const [time, topic, events, token, url, signature] = row;
  const confirmation = {
    Timestamp: time,
    Type: 'SubscriptionConfirmation',
    TopicArn: `${topic}|${events}`,
    Token: token,
  };
  const body = JSON.stringify({ ...confirmation, SignatureVersion: 1 });
  const wanting = senders.mcsS3({ url, topics: [topic], signedBy: 'nobody' });
  expect(jsonOf(answerOf(wanting, { body }))).toEqual({ signature });
  const unwanting = senders.mcsS3({ url, topics: ['mcs1|other'], signedBy: 'nobody' });
  expect(ask(unwanting, { body })).toMatchObject({ kind: 'refused', answer: { status: 403 } });
});

const topic = 'https://example.org/feed';
const websub = senders.websub({ secrets: ['s'], topics: [topic] });
const intent = (mode: string, about: string): Asked => ({
  method: 'GET',
  url: `/cb?x=1&${new URLSearchParams({ 'hub.mode': mode, 'hub.topic': about, 'hub.challenge': CODE }).toString()}`,
});

test('WebSub: consent to its own topics alone, and no weak signature', () => {
  expect(answerOf(websub, intent('subscribe', topic))).toMatchObject({ status: 200, body: CODE });
  expect(answerOf(websub, intent('unsubscribe', topic)).body).toBe(CODE);
  expect(ask(websub, intent('subscribe', 'https://example.org/other'))).toMatchObject({
    answer: { status: 404 },
  });
  const sha1 = `sha1=${createHmac('sha1', 's').update('<feed/>').digest('hex')}`;
  expect(ask(websub, { headers: { 'x-hub-signature': sha1 }, body: '<feed/>' }).kind).toBe('refused');
});

test('CloudEvents: consent to known origins, with the rate', () => {
  const proof = { bearer: 't' };
  const sender = senders.cloudEvents({ origins: ['Hooks.Example.org'], ratePerMinute: 100, proof });
  const origin = (name: string): Asked => ({
    method: 'OPTIONS',
    headers: { 'webhook-request-origin': name },
  });
  expect(answerOf(sender, origin('hooks.example.org')).headers).toMatchObject({
    'webhook-allowed-origin': 'hooks.example.org',
    'webhook-allowed-rate': '100',
  });
  const refusal = ask(sender, origin('evil.example'));
  expect(refusal).toMatchObject({ kind: 'refused', answer: { status: 403 } });
  expect(JSON.stringify(refusal)).not.toContain('allowed-origin');
});

test('the echoing shapes repeat the code where their senders look for it', () => {
  const { meta, dropbox, msGraph, okta, smartsheet } = senders;
  const verified = (token: string): Asked => ({
    method: 'GET',
    url: `/?hub.mode=subscribe&hub.challenge=1234567890&hub.verify_token=${token}`,
  });
  const facebook = meta({ secrets: ['s'], verifyToken: 'tok' });
  expect(answerOf(facebook, verified('tok')).body).toBe('1234567890');
  expect(ask(facebook, verified('to')).kind).toBe('refused');
  expect(answerOf(dropbox({ secrets: ['s'] }), { method: 'GET', url: `/?challenge=${CODE}` }).body).toBe(
    CODE,
  );
  expect(answerOf(msGraph({ clientState: 's' }), { url: '/?validationToken=a%20b%3D' }).body).toBe('a b=');
  const headers = { 'x-okta-verification-challenge': CODE, 'smartsheet-hook-challenge': CODE };
  expect(jsonOf(answerOf(okta({ authorization: 's' }), { method: 'GET', headers }))).toEqual({
    verification: CODE,
  });
  expect(jsonOf(answerOf(smartsheet({ secrets: ['s'] }), { headers }))).toEqual({
    smartsheetHookResponse: CODE,
  });
});

test('what is repeated is never a page, an endless text or a second header', () => {
  const dropbox = senders.dropbox({ secrets: ['s'] });
  const url = (code: string): string => `/?challenge=${encodeURIComponent(code)}`;
  const { headers } = answerOf(dropbox, { method: 'GET', url: url('<script>alert(1)</script>') });
  expect(headers).toMatchObject({
    'content-type': 'text/plain; charset=utf-8',
    'x-content-type-options': 'nosniff',
  });
  for (const code of ['', 'a\r\nb', 'x'.repeat(1025), '\0']) {
    expect(ask(dropbox, { method: 'GET', url: url(code) }).kind).toBe('refused');
  }
});

test('Asana: the first secret is learned, another one is not', () => {
  const learned: string[] = [];
  const sender = senders.asana({ learned: (secret) => learned.push(secret) });
  const offer = (secret: string): Asked => ({ headers: { 'x-hook-secret': secret } });
  expect(answerOf(sender, offer(CODE)).headers).toMatchObject({ 'x-hook-secret': CODE });
  expect(answerOf(sender, offer(CODE)).headers).toMatchObject({ 'x-hook-secret': CODE });
  expect(ask(sender, offer(`${CODE}x`)).kind).toBe('refused');
  expect(learned).toEqual([CODE]);
  const body = '{"events":[]}';
  const signature = createHmac('sha256', CODE).update(body).digest('hex');
  expect(ask(sender, { headers: { 'x-hook-signature': signature }, body }).kind).toBe('events');
});

test('Twitch: a signed verification is repeated', () => {
  const body = JSON.stringify({ challenge: CODE });
  const time = NOW.toISOString();
  const signature = createHmac('sha256', 's').update(`m1${time}${body}`).digest('hex');
  const headers = {
    'twitch-eventsub-message-id': 'm1',
    'twitch-eventsub-message-timestamp': time,
    'twitch-eventsub-message-signature': `sha256=${signature}`,
    'twitch-eventsub-message-type': 'webhook_callback_verification',
  };
  const twitch = senders.twitch({ secrets: ['s'] });
  expect(answerOf(twitch, { headers, body }).body).toBe(CODE);
  expect(ask(twitch, { headers: { ...headers, 'twitch-eventsub-message-id': 'm2' }, body }).kind).toBe(
    'refused',
  );
});
