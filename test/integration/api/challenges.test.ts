import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { McsDouble } from '../../support/doubles/mcs.double.js';
import { RawServer } from '../../support/doubles/raw-server.js';
import { Receiver } from '../../support/receiver.js';
import { ApiFixture } from './api-fixture.js';

let api: ApiFixture;
let receiver: Receiver;

beforeAll(async () => {
  api = await ApiFixture.start({ PUBLIC_URL: 'https://hooks.bellhop.example' });
  receiver = await Receiver.start({ proof: 'echo' });
});
afterAll(async () => {
  await receiver.stop();
  await api.stop();
});
beforeEach(() => receiver.behave(200));

interface Subscription {
  readonly id: string;
  readonly secret: string;
}
interface Challenge {
  readonly purpose: string;
  readonly outcome: string;
  readonly transcript: readonly { readonly response: { readonly status: number } | null }[];
}

async function subscribe(wish: Record<string, unknown> = {}): Promise<Subscription> {
  const body = { url: receiver.url, eventTypes: ['*'], ...wish };
  const answer = await api.call('POST', '/v1/subscriptions', { body });
  expect(answer.status, answer.text).toBe(201);
  return answer.json<Subscription>();
}

async function challengesOf(
  id: string,
  query = '',
): Promise<{ data: Challenge[]; nextCursor: string | null }> {
  return (await api.call('GET', `/v1/subscriptions/${id}/challenges${query}`)).json();
}

test('the challenges of a subscription are listed page by page, the latest first, without its secret', async () => {
  const { id, secret } = await subscribe();
  for (const _ of [1, 2]) expect((await api.call('POST', `/v1/subscriptions/${id}/verify`)).status).toBe(200);
  const first = await challengesOf(id, '?limit=2');
  expect(first.data).toHaveLength(2);
  const second = await challengesOf(id, `?limit=2&cursor=${first.nextCursor}`);
  expect([...first.data, ...second.data].map(({ purpose, outcome }) => `${purpose} ${outcome}`)).toEqual(
    Array(3).fill('consent passed'),
  );
  expect(second.nextCursor).toBeNull();
  expect(first.data[0]?.transcript[0]?.response?.status).toBe(200);
  expect(JSON.stringify([first, second])).not.toContain(secret.slice('whsec_'.length));
});

test('a probe says on the subscription whether signatures are verified, and is in the list', async () => {
  const { id } = await subscribe();
  receiver.behave(200, 403);
  const probed = await api.call('POST', `/v1/subscriptions/${id}/probe`);
  expect(probed.json()).toMatchObject({ id, verifiesSignatures: 'yes' });
  const { data } = await challengesOf(id);
  expect(data[0]).toMatchObject({ purpose: 'probe', outcome: 'passed', handshake: 'echo' });
});

test('how often a receiver is asked again is set, shown, changed and checked', async () => {
  const { id } = await subscribe({ reverifyEveryHours: 24 });
  const at = `/v1/subscriptions/${id}`;
  expect((await api.call('GET', at)).json()).toMatchObject({
    reverifyEveryHours: 24,
    verificationFailures: 0,
  });
  const changed = await api.call('PATCH', at, { body: { reverifyEveryHours: null } });
  expect(changed.json()).toMatchObject({ reverifyEveryHours: null });
  const refused = await api.call('PATCH', at, { body: { reverifyEveryHours: 8_761 } });
  expect(refused.status).toBe(422);
});

test('the handshake of a seed is chosen by the profile, and its fields come with it', async () => {
  const double = await McsDouble.start();
  const profileConfig = { project: 'mcs1', bucket: 'guestbook' };
  await subscribe({ url: double.url, profile: 'mcs-s3', profileConfig });
  const missing = {
    url: double.url,
    eventTypes: ['*'],
    profile: 'mcs-s3',
    profileConfig: { project: 'mcs1' },
  };
  const refused = await api.call('POST', '/v1/subscriptions', { body: missing });
  expect(refused.json()).toMatchObject({ errors: [{ field: 'profileConfig.bucket' }] });
  await double.stop();
});

test('a receiver that consents later does so at an address of its own, by POST or in a browser', async () => {
  const silent = await RawServer.start(
    (_request, socket) => void socket.end('HTTP/1.1 405 Not allowed\r\n\r\n'),
  );
  for (const method of ['POST', 'GET']) {
    const { id } = await subscribe({ url: silent.origin, profile: 'cloudevents', verify: 'later' });
    const verified = await api.call('POST', `/v1/subscriptions/${id}/verify`);
    expect(verified.json()).toMatchObject({ status: 'pending', statusReason: 'awaiting_consent' });
    const callback = new URL(silent.requests.at(-1)?.headers['webhook-request-callback'] ?? '');
    const headers: Record<string, string> = method === 'POST' ? { 'webhook-allowed-rate': '600' } : {};
    const given = await api.call(method, callback.pathname, { key: null, headers });
    expect([given.status, given.headers['content-type']]).toEqual([200, 'text/plain; charset=utf-8']);
    const limit = method === 'POST' ? 10 : null;
    const shown = await api.call('GET', `/v1/subscriptions/${id}`);
    expect(shown.json()).toMatchObject({ status: 'active', rateLimitPerSecond: limit });
    const again = await api.call(method, callback.pathname, { key: null });
    expect(again.json()).toMatchObject({ status: 404, code: 'consent_not_found' });
  }
  await silent.stop();
});
