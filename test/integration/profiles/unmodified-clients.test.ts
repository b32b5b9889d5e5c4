import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createNodeMiddleware, Webhooks } from '@octokit/webhooks';
import { App, HTTPReceiver } from '@slack/bolt';
import { HTTP } from 'cloudevents';
import { createVerifier, httpbis } from 'http-message-signatures';
import { Webhook } from 'standardwebhooks';
import Stripe from 'stripe';
import { Webhook as SvixWebhook } from 'svix';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { SubscriptionsService } from '#libs/subscriptions';
import type { ReceivedRequest } from '../../support/receiver.js';
import { Engine } from '../deliveries/engine.js';
import { OPERATOR, SECRET, subscribe, unsubscribe, type Wish } from './spoken.js';

let engine: Engine;
const subscribed: string[] = [];
const servers: Server[] = [];
beforeAll(async () => {
  engine = await Engine.start();
});
afterEach(async () => {
  engine.receiver.requests.length = 0;
  for (const id of subscribed.splice(0)) await unsubscribe(engine, id);
});
afterAll(async () => {
  for (const server of servers) server.close().closeAllConnections();
  await engine.stop();
});

/** The one delivery of an event to a new subscription. */
async function delivered(wish: Partial<Wish>, event: object = {}): Promise<ReceivedRequest> {
  subscribed.push(await subscribe(engine, { url: engine.receiver.url, ...wish }));
  await engine.publish(event);
  const [request] = await engine.receiver.receives(1);
  return request as ReceivedRequest;
}

describe('standardwebhooks and svix', () => {
  test.each([
    ['standard', {}],
    ['guestbook-flat', {}],
    ['mcs-s3', { project: 'mcs1', bucket: 'guestbook' }],
    ['msgraph', {}],
    ['cloudevents', {}],
    ['preservica', { trigger: 'MOVED' }],
  ])('accept a delivery in the profile %s', async (profile, profileConfig) => {
    const { body, headers } = await delivered({ profile, profileConfig }, { data: { name: 'Zoë 😀' } });
    new Webhook(SECRET).verify(body.toString(), { ...headers });
    new SvixWebhook(SECRET).verify(body, { ...headers });
    const other = 'whsec_HwECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=';
    expect(() => new Webhook(other).verify(body.toString(), { ...headers })).toThrow(/signature/i);
  });

  test('accept the add-on signature of any profile', async () => {
    const { body, headers } = await delivered({ profile: 'stripe', signers: ['standard'] });
    new Webhook(SECRET).verify(body.toString(), { ...headers });
  });

  test('accept the old and the new secret during a rotation', async () => {
    const id = await subscribe(engine, { url: engine.receiver.url });
    subscribed.push(id);
    const owned = { tenantId: OPERATOR.tenantId, id };
    const { secret } = await engine.app.get(SubscriptionsService).rotateSecret(owned);
    await engine.publish();
    const [request] = await engine.receiver.receives(1);
    const [body, headers] = [request?.body.toString() ?? '', { ...request?.headers }];
    for (const one of [SECRET, secret]) new Webhook(one).verify(body, headers);
  });
});

describe('@octokit/webhooks', () => {
  test('takes a delivery as an event of its type, and verifies it', async () => {
    const octokit = new Webhooks({ secret: SECRET });
    const seen: string[] = [];
    octokit.onAny(({ id, name }) => void seen.push(`${name} ${id}`));
    const url = await serve(serverOf(octokit));
    subscribed.push(await subscribe(engine, { profile: 'github', profileConfig: { sha1: true }, url }));
    const { id } = await engine.publish();
    const { attempts } = await engine.settled(id, 'delivered');
    expect(attempts).toHaveLength(1);
    expect(seen).toEqual([expect.stringMatching(/^guestbook\.entry\.created [0-9a-f-]{36}$/)]);
  });

  test('refuses what another secret signed', async () => {
    const octokit = new Webhooks({ secret: 'another' });
    vi.spyOn(console, 'error').mockReturnValue(undefined);
    const url = await serve(serverOf(octokit));
    subscribed.push(await subscribe(engine, { profile: 'github', url, scheduleSeconds: [] }));
    const { id } = await engine.publish();
    const { attempts } = await engine.settled(id, 'exhausted');
    expect(attempts).toMatchObject([{ responseStatus: 400 }]);
  });
});

describe('stripe', () => {
  test('constructs the event', async () => {
    const { body, headers } = await delivered({ profile: 'stripe' }, { data: { name: 'Ada' } });
    const stripe = new Stripe('sk_test_x');
    const signature = headers['stripe-signature'] ?? '';
    const event = stripe.webhooks.constructEvent(body, signature, SECRET) as unknown as Record<
      string,
      unknown
    >;
    expect(event).toMatchObject({
      object: 'event',
      type: 'guestbook.entry.created',
      data: { object: { name: 'Ada' } },
    });
    expect(() => stripe.webhooks.constructEvent(body, signature, 'whsec_other')).toThrow(/signature/);
  });
});

describe('@slack/bolt', () => {
  test('answers the challenge by itself, and gets the event', async () => {
    const receiver = new HTTPReceiver({ signingSecret: SECRET, endpoints: ['/hook'] });
    const authorize = () => Promise.resolve({ botToken: 'xoxb-1', botId: 'B1', botUserId: 'U1' });
    const app = new App({ receiver, authorize });
    const seen: unknown[] = [];
    app.event('guestbook.entry.created', ({ event }) => Promise.resolve(void seen.push(event)));
    const server = await app.start({ port: 0, host: '127.0.0.1' });
    servers.push(server as Server);
    const url = `http://127.0.0.1:${((server as Server).address() as AddressInfo).port}/hook`;
    subscribed.push(await subscribe(engine, { profile: 'slack', handshake: 'slack', url }));
    const { id } = await engine.publish({ data: { name: 'Ada' } });
    await engine.settled(id, 'delivered');
    expect(seen).toMatchObject([{ type: 'guestbook.entry.created', data: { name: 'Ada' } }]);
  });
});

describe('cloudevents', () => {
  test.each(['structured', 'binary', 'batch'])('reads the event in the mode %s', async (mode) => {
    const profileConfig = { mode, source: 'urn:guestbook', origin: 'hooks.example.org' };
    const data = { name: 'Ada' };
    const timestamp = '2026-11-22T04:00:00.000Z';
    const { body, headers } = await delivered(
      { profile: 'cloudevents', profileConfig },
      { data, timestamp, subject: 'entry 42' },
    );
    const parsed = HTTP.toEvent({ headers: { ...headers }, body: body.toString() });
    const event = (Array.isArray(parsed) ? parsed[0] : parsed) as Record<string, unknown>;
    expect(event).toMatchObject({
      id: headers['webhook-id'],
      source: 'urn:guestbook',
      type: 'guestbook.entry.created',
    });
    expect(event['data']).toEqual(data);
    expect(headers['webhook-request-origin']).toBe('hooks.example.org');
    if (mode === 'binary') expect(headers['ce-subject']).toBe('entry%2042');
  });

  test('sends the secret as a bearer token where that is wanted', async () => {
    const { headers } = await delivered({ profile: 'cloudevents', profileConfig: { bearer: true } });
    expect(headers['authorization']).toBe(`Bearer ${SECRET}`);
  });
});

describe('http-message-signatures', () => {
  test.each([
    ['hmac-sha256', 'github', {}],
    ['ed25519', 'standard', { asymmetric: true }],
  ])('verifies the add-on signature by %s, and notices a change', async (alg, profile, profileConfig) => {
    const secret = alg === 'ed25519' ? `${SECRET} whsk_${Buffer.alloc(32, 7).toString('base64')}` : SECRET;
    const { body, headers } = await delivered({ profile, profileConfig, secret, signers: ['rfc9421'] });
    const keyId = /keyid="([^"]+)"/.exec(headers['signature-input'] ?? '')?.[1] ?? '';
    const key = alg === 'ed25519' ? publicKeyOf(keyId) : Buffer.from(SECRET.slice(6), 'base64');
    const keyLookup = () =>
      Promise.resolve({ id: keyId, algs: [alg], verify: createVerifier(key, alg as 'ed25519') });
    const message = { method: 'POST', url: engine.receiver.url, headers: { ...headers }, body };
    expect(await httpbis.verifyMessage({ keyLookup }, message)).toBe(true);
    const changed = { ...message, headers: { ...headers, 'webhook-id': 'evt_other' } };
    await expect(httpbis.verifyMessage({ keyLookup }, changed)).resolves.not.toBe(true);
  });
});

async function serve(server: Server): Promise<string> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
}

/** The key in the form that node:crypto reads. */
function publicKeyOf(text: string): string {
  const spki = Buffer.from('302a300506032b6570032100', 'hex');
  const der = Buffer.concat([spki, Buffer.from(text.slice('whpk_'.length), 'base64')]);
  return `-----BEGIN PUBLIC KEY-----\n${der.toString('base64')}\n-----END PUBLIC KEY-----`;
}

function serverOf(octokit: Webhooks): Server {
  const middleware = createNodeMiddleware(octokit, { path: '/hook' });
  return createServer((request, response) => void middleware(request, response));
}
