import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { LateConsent, type NewSubscription } from '#libs/subscriptions';
import { MEMBER, type Platform, startPlatform } from './subscriptions-fixture.js';

interface Asked {
  readonly request: IncomingMessage;
  readonly body: string;
  readonly query: URLSearchParams;
}
type Answer = (asked: Asked, response: ServerResponse) => void;

const SECRET = 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=';
const TOPIC = 'https://book.example/feed';
const hmac = (text: string, encoding: 'hex' | 'base64'): string =>
  createHmac('sha256', SECRET).update(text).digest(encoding);
const member = (body: string, name: string): string =>
  String((JSON.parse(body) as Record<string, unknown>)[name]);

let platform: Platform;
let servers: Server[] = [];
beforeAll(async () => {
  platform = await startPlatform({ PUBLIC_URL: 'https://hooks.bellhop.example' });
});
afterAll(() => platform.stop());
afterEach(() => {
  for (const server of servers) server.close();
  servers = [];
});

async function serve(answer: Answer): Promise<{ url: string; asked: Asked[] }> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const query = new URL(request.url ?? '', 'http://x').searchParams;
      asked.push({ request, body: Buffer.concat(chunks).toString(), query });
      answer(asked[asked.length - 1] as Asked, response);
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/cb?x=1`, asked };
}

const subscribe = (wish: Partial<NewSubscription> & Pick<NewSubscription, 'url'>) =>
  platform.node.subscriptions.create(MEMBER, { eventTypes: ['*'], ...wish });

const text =
  (of: (asked: Asked) => string | null): Answer =>
  (asked, response) =>
    void response.end(of(asked) ?? '');
const json =
  (of: (asked: Asked) => object): Answer =>
  (asked, response) =>
    void response.end(JSON.stringify(of(asked)));

const VENDORS: [string, Record<string, unknown>, Answer][] = [
  ['slack', {}, text(({ body }) => member(body, 'challenge'))],
  ['github', {}, text(() => '')],
  ['twitch', {}, text(({ body }) => member(body, 'challenge'))],
  ['dropbox', {}, text(({ query }) => query.get('challenge'))],
  ['msgraph', {}, text(({ query }) => query.get('validationToken'))],
  ['meta', { verifyToken: 'let me in' }, text(({ query }) => query.get('hub.challenge'))],
  ['okta', {}, json(({ request }) => ({ verification: request.headers['x-okta-verification-challenge'] }))],
  [
    'twitter',
    {},
    json(({ query }) => ({ response_token: `sha256=${hmac(query.get('crc_token') ?? '', 'base64')}` })),
  ],
  [
    'zoom',
    {},
    json(({ body }) => {
      const { plainToken } = (JSON.parse(body) as { payload: { plainToken: string } }).payload;
      return { plainToken, encryptedToken: hmac(plainToken, 'hex') };
    }),
  ],
  [
    'smartsheet',
    {},
    json(({ request }) => ({ smartsheetHookResponse: request.headers['smartsheet-hook-challenge'] })),
  ],
  [
    'asana',
    {},
    ({ request }, response) =>
      void response.setHeader('x-hook-secret', String(request.headers['x-hook-secret'])).writeHead(204).end(),
  ],
  [
    'trello',
    {},
    ({ request }, response) => void response.writeHead(request.method === 'HEAD' ? 200 : 405).end(),
  ],
  ['websub', { topic: TOPIC }, text(({ query }) => query.get('hub.challenge'))],
];

test.each(VENDORS)(
  '%s: a receiver that answers as its documentation says becomes active',
  async (profile, profileConfig, answer) => {
    const { url, asked } = await serve(answer);
    const { subscription } = await subscribe({ url, profile, profileConfig, secret: SECRET });
    expect(subscription).toMatchObject({ status: 'active', profile, handshake: profile });
    expect(asked).toHaveLength(1);
    expect(asked[0]?.query.get('x')).toBe('1');
  },
);

test.each(VENDORS.filter(([profile]) => profile !== 'github' && profile !== 'trello'))(
  '%s: a receiver that only says ok does not',
  async (profile, profileConfig) => {
    const { url } = await serve(text(() => 'ok'));
    await expect(subscribe({ url, profile, profileConfig, secret: SECRET })).rejects.toMatchObject({
      code: 'challenge_failed',
    });
  },
);

test('slack: the question is signed as a delivery is', async () => {
  const { url, asked } = await serve(text(({ body }) => member(body, 'challenge')));
  await subscribe({ url, profile: 'slack', secret: SECRET });
  const { request, body = '' } = asked[0] ?? {};
  const timestamp = String(request?.headers['x-slack-request-timestamp']);
  expect(request?.headers['x-slack-signature']).toBe(`v0=${hmac(`v0:${timestamp}:${body}`, 'hex')}`);
});

test('websub: the parameters stand behind the query that is there; a failed verification changes nothing', async () => {
  let isWilling = true;
  const { url, asked } = await serve(text(({ query }) => (isWilling ? query.get('hub.challenge') : 'no')));
  const wish = { url, profile: 'websub', profileConfig: { topic: TOPIC, lease: 3600 }, secret: SECRET };
  const { subscription } = await subscribe(wish);
  expect(asked[0]?.request.method).toBe('GET');
  expect(asked[0]?.request.url).toMatch(/^\/cb\?x=1&hub\.mode=subscribe&hub\.topic=https%3A%2F%2F/);
  expect(asked[0]?.query.get('hub.lease_seconds')).toBe('3600');
  isWilling = false;
  await expect(platform.node.subscriptions.verify({ ...MEMBER, id: subscription.id })).rejects.toMatchObject({
    code: 'challenge_failed',
  });
  const after = await platform.node.subscriptions.get({ tenantId: MEMBER.tenantId, id: subscription.id });
  expect(after).toMatchObject({ status: 'active', version: subscription.version });
});

const consenting =
  (headers: Record<string, string>): Answer =>
  (_asked, response) =>
    void response.writeHead(200, headers).end();

test('cloudevents: 200 is no consent; an allowed rate becomes the limit, whatever its owner wants', async () => {
  const silent = await serve(consenting({}));
  await expect(subscribe({ url: silent.url, profile: 'cloudevents' })).rejects.toMatchObject({
    code: 'challenge_failed',
  });
  const { url, asked } = await serve(
    consenting({ 'WebHook-Allowed-Origin': 'hooks.bellhop.example', 'WebHook-Allowed-Rate': '100' }),
  );
  const { subscription } = await subscribe({ url, profile: 'cloudevents' });
  expect(asked[0]?.request).toMatchObject({ method: 'OPTIONS' });
  expect(asked[0]?.request.headers['webhook-request-origin']).toBe('hooks.bellhop.example');
  expect(subscription).toMatchObject({ status: 'active', allowedPerMinute: 100 });
  expect(subscription.rateLimitPerSecond).toBeCloseTo(100 / 60, 6);
  const change = (rateLimitPerSecond: number | null) =>
    platform.node.subscriptions.patch({ ...MEMBER, id: subscription.id }, { rateLimitPerSecond });
  expect((await change(50)).rateLimitPerSecond).toBeCloseTo(100 / 60, 6);
  expect((await change(1)).rateLimitPerSecond).toBe(1);
  expect((await change(null)).rateLimitPerSecond).toBeCloseTo(100 / 60, 6);
});

test('cloudevents: a receiver that withholds its consent may give it later, once, at the callback', async () => {
  const { url, asked } = await serve((_asked, response) => void response.writeHead(405).end());
  const { subscription } = await subscribe({ url, profile: 'cloudevents', verify: 'later' });
  const waiting = await platform.node.subscriptions.verify({ ...MEMBER, id: subscription.id });
  expect(waiting).toMatchObject({ status: 'pending', statusReason: 'awaiting_consent' });
  const callback = String(asked[0]?.request.headers['webhook-request-callback']);
  expect(callback).toMatch(/^https:\/\/hooks\.bellhop\.example\/consent\/[A-Za-z0-9_-]{32}$/);
  const consents = platform.node.app.get(LateConsent, { strict: false });
  await expect(consents.give('a-guess', '*')).rejects.toMatchObject({ code: 'consent_not_found' });
  const token = callback.slice(callback.lastIndexOf('/') + 1);
  await consents.give(token, '30');
  const active = await platform.node.subscriptions.get({ tenantId: MEMBER.tenantId, id: subscription.id });
  expect(active).toMatchObject({
    status: 'active',
    statusReason: null,
    allowedPerMinute: 30,
    rateLimitPerSecond: 0.5,
  });
  await expect(consents.give(token, '30')).rejects.toMatchObject({ code: 'consent_not_found' });
});

test('meta: without a verify token the field that misses is named', async () => {
  const { url } = await serve(text(() => ''));
  await expect(subscribe({ url, profile: 'meta', secret: SECRET })).rejects.toMatchObject({
    code: 'validation_failed',
    errors: [{ field: 'profileConfig.verifyToken' }],
  });
});
