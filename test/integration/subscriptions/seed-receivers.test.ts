import { createHmac } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { ChallengeStep, NewSubscription } from '#libs/subscriptions';
import { FlaskPreservicaDouble } from '../../support/doubles/flask-preservica.double.js';
import { KloudlessDouble } from '../../support/doubles/kloudless.double.js';
import { McsDouble, mcsProof } from '../../support/doubles/mcs.double.js';
import { hmac, PreservicaDouble } from '../../support/doubles/preservica.double.js';
import { MEMBER, type Platform, startPlatform } from './subscriptions-fixture.js';

const SECRET = 'my secret key!';
const PRESERVICA = {
  profile: 'preservica',
  profileConfig: { trigger: 'FULL_TEXT_INDEXED' },
  secret: SECRET,
} as const;

let platform: Platform;
let opened: { stop(): Promise<void> }[] = [];

beforeAll(async () => {
  platform = await startPlatform();
});
afterAll(() => platform.stop());
afterEach(async () => {
  await Promise.all(opened.map((double) => double.stop()));
  opened = [];
});

async function kept<T extends { stop(): Promise<void> }>(starting: Promise<T>): Promise<T> {
  const double = await starting;
  opened.push(double);
  return double;
}

type Wish = Partial<NewSubscription> & Pick<NewSubscription, 'url'>;
const subscribe = (wish: Wish) =>
  platform.node.subscriptions.create(MEMBER, { eventTypes: ['guestbook.*'], ...wish });

async function refusal(wish: Wish): Promise<{ code: string; failed: string | undefined }> {
  const { code, extensions } = await subscribe(wish).then(
    () => Promise.reject(new Error('the challenge passed')),
    (error: unknown) =>
      error as { code: string; extensions: { handshake: { steps: readonly ChallengeStep[] } } },
  );
  const failed = extensions.handshake.steps.find(({ status }) => status === 'failed');
  const [row] = await platform.node.database.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM subscription WHERE url = $1',
    [wish.url],
  );
  expect(row?.count).toBe(0);
  return { code, failed: failed?.name };
}

async function lastSteps(subscriptionId: string): Promise<readonly ChallengeStep[]> {
  const [row] = await platform.node.database.query<{ steps: ChallengeStep[] }>(
    'SELECT steps FROM challenge WHERE subscription_id = $1 ORDER BY id DESC LIMIT 1',
    [subscriptionId],
  );
  return row?.steps ?? [];
}

test('the handler of the Preservica SDK is asked as it wants, and its proof is taken', async () => {
  const double = await kept(PreservicaDouble.start({ secret: SECRET }));
  const { subscription } = await subscribe({ ...PRESERVICA, url: double.url });
  expect(subscription).toMatchObject({ status: 'active', handshake: 'preservica' });
  expect(double.requests).toHaveLength(1);
  expect(double.requests[0]).toMatchObject({ method: 'POST', path: '/preservica' });
  expect(double.requests[0]?.target).toMatch(/^\/preservica\?challengeCode=[A-Za-z0-9_-]{16,128}$/);
  expect(double.requests[0]?.headers).toMatchObject({ 'content-length': '0' });
});

test('an illegal header, HTTP/1.0 without a length and a body in a second packet do not matter', async () => {
  const double = await kept(FlaskPreservicaDouble.start(SECRET));
  const { subscription } = await subscribe({ ...PRESERVICA, url: double.url });
  expect(subscription.status).toBe('active');
  expect(double.requests[0]?.target).toMatch(/^\/hook\?tenant=a&challengeCode=/);
});

const json = (value: object, status = '200 OK'): string =>
  `HTTP/1.0 ${status}\r\nContent-type: application/json\r\n\r\n${JSON.stringify(value)}`;

test.each<[string, (code: string) => string, string]>([
  [
    'one digit off',
    (code) => {
      const proof = hmac(SECRET, code);
      const digit = proof.startsWith('0') ? '1' : '0';
      return json({ challengeCode: code, challengeResponse: `${digit}${proof.slice(1)}` });
    },
    'proof',
  ],
  [
    'another code',
    () => json({ challengeCode: 'abc123', challengeResponse: hmac(SECRET, 'abc123') }),
    'proof',
  ],
  ['200 with an empty body', () => 'HTTP/1.0 200 OK\r\n\r\n', 'proof'],
  ['201 with a text', () => 'HTTP/1.0 201 Created\r\n\r\ncreated', 'status'],
  ['a redirect', () => 'HTTP/1.0 302 Found\r\nLocation: http://10.0.0.1/\r\n\r\n', 'status'],
  ['nothing at all', () => '', 'status'],
])('Preservica: %s fails, and nothing is stored', async (_what, answerTo, failed) => {
  const challengeAnswer = ({ query }: { query: URLSearchParams }): string =>
    answerTo(query.get('challengeCode') ?? '');
  const double = await kept(PreservicaDouble.start({ secret: SECRET, challengeAnswer }));
  expect(await refusal({ ...PRESERVICA, url: double.url })).toEqual({ code: 'challenge_failed', failed });
  expect(double.requests).toHaveLength(1);
});

test('Preservica: a receiver that does not answer in time fails', async () => {
  const double = await kept(PreservicaDouble.start({ secret: SECRET, challengeAnswer: () => null }));
  const wish = { ...PRESERVICA, url: double.url, timeoutMs: 1_000 };
  expect(await refusal(wish)).toEqual({ code: 'challenge_failed', failed: 'status' });
});

const KLOUDLESS = {
  profile: 'kloudless',
  profileConfig: { appId: 'APPID', account: '593652' },
  secret: 'KEY',
} as const;

test('Kloudless: an empty signed form is answered with the application id, line break and all', async () => {
  const double = await kept(KloudlessDouble.start({ apiKey: 'KEY', appId: 'APPID' }));
  const { subscription } = await subscribe({ ...KLOUDLESS, url: double.url });
  expect(subscription).toMatchObject({ status: 'active', handshake: 'kloudless' });
  const [request] = double.requests;
  expect(request?.body).toHaveLength(0);
  expect(request?.rawHeaders).toContainEqual([
    'X-Kloudless-Signature',
    'nlmXEoEa+ffwALnx0PSk5KRj7LXE+ue9qhPjPEZCyG4=',
  ]);
  expect(request?.headers['content-type']).toBe('application/x-www-form-urlencoded');
});

test('Kloudless: any other answer, and a receiver with another key, fail', async () => {
  const chatty = await kept(KloudlessDouble.start({ apiKey: 'KEY', appId: 'APPID', answer: 'ok' }));
  expect((await refusal({ ...KLOUDLESS, url: chatty.url })).failed).toBe('proof');
  const other = await kept(KloudlessDouble.start({ apiKey: 'ANOTHER', appId: 'APPID' }));
  expect((await refusal({ ...KLOUDLESS, url: other.url })).failed).toBe('status');
});

const MCS = { profile: 'mcs-s3', profileConfig: { project: 'mcs5259999770', bucket: 'guestbook' } } as const;

test('MCS: a receiver that signs its Host and path is taken, and the log says which URL it signed', async () => {
  const double = await kept(McsDouble.start());
  const { subscription } = await subscribe({ ...MCS, url: double.url });
  expect(subscription).toMatchObject({ status: 'active', handshake: 'mcs-s3' });
  const proof = (await lastSteps(subscription.id)).find(({ name }) => name === 'proof');
  expect(proof?.detail).toContain('(noquery)');
  const [request] = double.requests;
  expect(JSON.parse(String(request?.body))).toMatchObject({
    TopicArn: 'mcs5259999770|guestbook|s3:ObjectCreated:*,s3:ObjectRemoved:*',
    SignatureVersion: 1,
  });
  const names = request?.rawHeaders.map(([name]) => name);
  expect(names).toContain('X-Amz-Sns-Message-Type');
  expect(names).toContain('x-amz-sns-messages-type');
});

const digest = (key: Buffer | string, text: Buffer | string): Buffer =>
  createHmac('sha256', key).update(text).digest();
test.each<[string, Parameters<typeof McsDouble.start>[0]]>([
  ['an empty 200', () => ''],
  [
    'keys and texts swapped',
    ({ Timestamp, TopicArn, Token }, url) => {
      const inner = digest(Timestamp, Token);
      return createHmac('sha256', url).update(digest(TopicArn, inner)).digest('hex');
    },
  ],
  [
    'hex between the levels',
    ({ Timestamp, TopicArn, Token }, url) =>
      digest(digest(digest(Token, Timestamp).toString('hex'), TopicArn).toString('hex'), url).toString('hex'),
  ],
  ['the signature of another URL', (confirmation) => mcsProof(confirmation, 'http://elsewhere.example/')],
])('MCS: %s fails, and nothing is stored', async (_what, signing) => {
  const double = await kept(McsDouble.start(signing));
  expect(await refusal({ ...MCS, url: double.url })).toEqual({ code: 'challenge_failed', failed: 'proof' });
});
