import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import {
  type ChallengeAnswer,
  type HandshakeName,
  handshakeNamed,
  judgeAnswer,
  type ProofVerdict,
  type Question,
} from '../index.js';
import { vectorNamed, vectorsOf } from '../../../../test/support/protocol-vectors.js';
import { mcsSignature, mcsUrlForms } from './mcs-s3.handshake.js';
import { preservicaResponse } from './preservica.handshake.js';

const SECRET = Buffer.from('my secret key!');
const question = (change: Partial<Question> & { readonly code?: string } = {}): Question => {
  const { code = 'abc123', url = 'https://hooks.example.org/in?x=1', ...rest } = change;
  const timestamp = new Date('2026-11-22T04:00:00.789Z');
  return {
    challenge: { id: 'msg_3ChallengeAAAAAAAAAAAAAAA', subscriptionId: 'sub_1', code, timestamp },
    url,
    registeredUrl: url,
    keys: [SECRET],
    config: {},
    origin: 'bellhop.example',
    callbackUrl: null,
    sign: () => ({}),
    ...rest,
  };
};
const answer = (body: string, change: Partial<ChallengeAnswer> = {}): ChallengeAnswer => ({
  status: 200,
  headers: {},
  body: Buffer.from(body),
  isTruncated: false,
  ...change,
});
const verdict = (name: HandshakeName, given: ChallengeAnswer, asked = question()): ProofVerdict =>
  judgeAnswer(handshakeNamed(name), { ...asked, answer: given });

const PROOF = '84f6b8ab0f552aeb40b3da5d25efb39f1130feb93dcfa8d27d589d4a116fab35';
const preservicaAnswer = (challengeCode: string, challengeResponse: string): string =>
  JSON.stringify({ challengeCode, challengeResponse });

test('preservica: the published answer is the only one that proves', () => {
  const { input, output } = vectorNamed('preservica', 'challenge');
  expect(preservicaResponse(Buffer.from(input['secret'] ?? ''), 'abc123')).toBe(output);
  expect(output).toBe(PROOF);
  expect(verdict('preservica', answer(preservicaAnswer('abc123', PROOF)))).toEqual({ isProven: true });
  expect(preservicaResponse(SECRET, 'abc+1')).toBe(
    '00b2dc35f759d90ae22acd8c88b8bb81e8bb969073f29918f9c8526853027360',
  );
});

test('preservica: the key is the secret in latin-1', () => {
  expect(preservicaResponse(Buffer.from('clé', 'latin1'), 'abc123')).toBe(
    'be96717c1756f49c65c89f0067703ce1eb9473720caa2a4637db7f44a37fac3b',
  );
});

test('preservica: the request is an empty POST with the code behind the query that is there', () => {
  const { method, url, body, headers } = handshakeNamed('preservica').request(question());
  expect({ method, url, headers }).toEqual({
    method: 'POST',
    url: 'https://hooks.example.org/in?x=1&challengeCode=abc123',
    headers: {},
  });
  expect(body).toHaveLength(0);
});

test('preservica: case of the digits, white space, further members and 64 KiB around the proof do not matter', () => {
  const spaced = JSON.stringify(
    { more: 'x'.repeat(60_000), challengeCode: 'abc123', challengeResponse: PROOF },
    null,
    2,
  );
  for (const body of [preservicaAnswer('abc123', PROOF.toUpperCase()), `\n ${spaced} \n`]) {
    expect(verdict('preservica', answer(body)).isProven).toBe(true);
  }
});

test.each<[string, ChallengeAnswer, string]>([
  ['one digit off', answer(preservicaAnswer('abc123', `a${PROOF.slice(1)}`)), 'challenge_signature'],
  ['a proof that is too short', answer(preservicaAnswer('abc123', PROOF.slice(1))), 'challenge_signature'],
  ['a proof that is too long', answer(preservicaAnswer('abc123', `${PROOF}0`)), 'challenge_signature'],
  ['another code', answer(preservicaAnswer('abc124', PROOF)), 'challenge_body'],
  ['an empty body', answer(''), 'challenge_body'],
  ['201 with a text', answer('created', { status: 201 }), 'challenge_status'],
  [
    'the right proof with 201',
    answer(preservicaAnswer('abc123', PROOF), { status: 201 }),
    'challenge_status',
  ],
  ['the proof alone', answer(PROOF), 'challenge_body'],
  ['no code', answer(JSON.stringify({ challengeResponse: PROOF })), 'challenge_body'],
  ['a number for a proof', answer('{"challengeCode":"abc123","challengeResponse":1}'), 'challenge_body'],
  ['an event signature', answer(preservicaAnswer('abc123', eventSignature('abc123'))), 'challenge_signature'],
  ['more than 64 KiB', answer(preservicaAnswer('abc123', PROOF).padEnd(65_537)), 'challenge_too_large'],
])('preservica: %s proves nothing', (_what, given, errorType) => {
  expect(verdict('preservica', given)).toMatchObject({ isProven: false, errorType });
});

function eventSignature(body: string): string {
  return createHmac('sha256', SECRET).update(`preservica-webhook-auth${body}`).digest('hex');
}

const kloudless = (appId: unknown = 'APPID'): Question => question({ config: { appId } });

test('kloudless: the request is a form without a field, signed over nothing', () => {
  const signed: Buffer[] = [];
  const sign = (body: Buffer): Record<string, string> => {
    signed.push(body);
    return { 'content-type': 'text/plain', 'X-Kloudless-Signature': 'the signature' };
  };
  expect(handshakeNamed('kloudless').request({ ...kloudless(), sign })).toEqual({
    method: 'POST',
    url: 'https://hooks.example.org/in?x=1',
    headers: {
      'X-Kloudless-Signature': 'the signature',
      'Content-Type': 'application/x-www-form-urlencoded',
    },
    body: Buffer.alloc(0),
  });
  expect(signed.map(String)).toEqual(['']);
});

test('kloudless: the application id proves, with white space around it; nothing else does', () => {
  for (const body of ['APPID', 'APPID\n', ' APPID\r\n']) {
    expect(verdict('kloudless', answer(body), kloudless())).toEqual({ isProven: true });
  }
  for (const body of ['ok', '', '"APPID"', 'APPIDX', 'appid', '<p>APPID</p>']) {
    expect(verdict('kloudless', answer(body), kloudless())).toMatchObject({ errorType: 'challenge_body' });
  }
  expect(verdict('kloudless', answer('APPID', { status: 202 }), kloudless())).toMatchObject({
    isProven: false,
  });
  expect(verdict('kloudless', answer(''), question()).isProven).toBe(false);
  expect(verdict('kloudless', answer('593652'), kloudless(593652)).isProven).toBe(true);
});

const TOKEN = 'E2itMqAMUVVZc51pUhFWSp13DoxezvRxkUh5P7LEuk1dEe9y';
const mcs = (url = 'https://hooks.example.org/in?x=1', registeredUrl = url): Question => ({
  ...question({ code: TOKEN, url, registeredUrl }),
  config: { project: 'mcs5259999770', bucket: 'guestbook' },
});
const arn = 'mcs5259999770|guestbook|s3:ObjectCreated:*,s3:ObjectRemoved:*';
const sign = (url: string): string =>
  mcsSignature({ Timestamp: '2026-11-22T04:00:00+00:00', TopicArn: arn, Token: TOKEN }, url);
const mcsAnswer = (signature: string): ChallengeAnswer => answer(`${JSON.stringify({ signature })}\n`);

test.each(vectorsOf('mcs-s3'))('mcs-s3: vector $name, $output', ({ input, output }) => {
  const { Timestamp = '', TopicArn = '', Token = '', url = '' } = input;
  expect(mcsSignature({ Timestamp, TopicArn, Token }, url)).toBe(output);
});

test.each([
  ['https://hooks.example.org/in?x=1', '7d20cab3560f36e13d0793fe038e1a9a7712724eedb64545608729385f2f4aeb'],
  ['http://test.com/', 'f8ef7b5b30e3e663fda90b2e4ad943edcb43c9b71f915ef18d743d7fa50cea25'],
  ['http://127.0.0.1:18140/webhook', 'b11a76fdf1575fa6e06d637314c82bcf54a9c45bb0c1442e3414b8a0e5cf429f'],
])('mcs-s3: the URL %s is signed as computed elsewhere', (url, output) => {
  const parts = { Timestamp: '2026-11-22T07:00:00+03:00', TopicArn: arn, Token: TOKEN };
  expect(mcsSignature(parts, url)).toBe(output);
});

test('mcs-s3: the request is JSON without a space, with the version as a number and both spellings of the header', () => {
  const { body, headers, method } = handshakeNamed('mcs-s3').request(mcs());
  expect(method).toBe('POST');
  expect(body.toString()).toContain('"Type":"SubscriptionConfirmation"');
  expect(body.toString()).toBe(JSON.stringify(JSON.parse(body.toString())));
  expect(JSON.parse(body.toString())).toMatchObject({
    Timestamp: '2026-11-22T04:00:00+00:00',
    TopicArn: arn,
    SignatureVersion: 1,
    Token: TOKEN,
  });
  expect(headers).toMatchObject({
    'X-Amz-Sns-Message-Type': 'SubscriptionConfirmation',
    'x-amz-sns-messages-type': 'SubscriptionConfirmation',
  });
});

test.each([
  ['https://hooks.example.org/in?x=1', 'exact'],
  ['https://hooks.example.org/in', 'noquery'],
  ['http://hooks.example.org/in', 'http-noquery'],
])('mcs-s3: a receiver that signs %s is taken, and the rule is told', (url, rule) => {
  const found = verdict('mcs-s3', mcsAnswer(sign(url)), mcs());
  expect(found).toMatchObject({ isProven: true, note: expect.stringContaining(`(${rule})`) as string });
});

test('mcs-s3: the URL counts to the letter as it was subscribed, and in its normal form', () => {
  const asked = mcs('http://test.com/', 'http://Test.com');
  expect([...mcsUrlForms(asked).values()]).toEqual([
    'http://Test.com',
    ...Array<string>(3).fill('http://test.com/'),
  ]);
  for (const url of ['http://Test.com', 'http://test.com/']) {
    expect(verdict('mcs-s3', mcsAnswer(sign(url)), asked).isProven).toBe(true);
  }
});

test('mcs-s3: keys and texts swapped, hex between the levels, another URL and silence prove nothing', () => {
  const h = (key: Buffer | string, text: string): Buffer => createHmac('sha256', key).update(text).digest();
  const url = 'https://hooks.example.org/in?x=1';
  const time = '2026-11-22T04:00:00+00:00';
  const swapped = createHmac('sha256', url)
    .update(h(arn, h(time, TOKEN).toString('latin1')))
    .digest('hex');
  const chained = h(h(h(TOKEN, time).toString('hex'), arn).toString('hex'), url).toString('hex');
  for (const signature of [
    swapped,
    chained,
    sign('https://elsewhere.example.org/in'),
    '',
    sign(url).slice(1),
  ]) {
    expect(verdict('mcs-s3', mcsAnswer(signature), mcs())).toMatchObject({
      errorType: 'challenge_signature',
    });
  }
  for (const body of ['', 'ok', '{}', '{"signature":1}', '[]']) {
    expect(verdict('mcs-s3', answer(body), mcs())).toMatchObject({ errorType: 'challenge_body' });
  }
});

test('mcs-s3: a token has 48 letters and digits', () => {
  expect(handshakeNamed('mcs-s3').newCode()).toMatch(/^[A-Za-z0-9]{48}$/);
});
