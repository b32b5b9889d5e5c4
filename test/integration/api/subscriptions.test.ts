import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Receiver } from '../../support/receiver.js';
import { type Answer, ApiFixture } from './api-fixture.js';

interface Subscription {
  readonly id: string;
  readonly status: string;
  readonly version: number;
  readonly secret?: string;
  readonly secrets: readonly { readonly lastFour: string; readonly validUntil: string | null }[];
}

let api: ApiFixture;
let receiver: Receiver;
let key: string;
beforeAll(async () => {
  api = await ApiFixture.start();
  receiver = await Receiver.start({ proof: 'echo' });
  key = await api.key('manager', null);
});
afterAll(async () => {
  await receiver.stop();
  await api.stop();
});
beforeEach(() => {
  receiver.proof = 'echo';
});

const subscribe = (fields: object = {}): Promise<Answer> =>
  api.call('POST', '/v1/subscriptions', {
    key,
    body: { url: receiver.url, eventTypes: ['guestbook.*'], ...fields },
  });

async function subscribed(fields: object = {}): Promise<Subscription> {
  const answer = await subscribe(fields);
  expect(answer.status, answer.text).toBe(201);
  return answer.json<Subscription>();
}

describe('a new subscription', () => {
  test('is active, shows its secret this one time, and says where it is', async () => {
    const answer = await subscribe({ description: 'orders', timeoutMs: 5_000 });
    const { id, secret, secrets } = answer.json<Subscription>();
    expect(answer.status).toBe(201);
    expect(answer.json()).toMatchObject({
      status: 'active',
      description: 'orders',
      timeoutMs: 5_000,
      version: 1,
    });
    expect(answer.headers).toMatchObject({
      location: `/v1/subscriptions/${id}`,
      etag: '"1"',
      'cache-control': 'no-store',
    });
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{32,}={0,2}$/);
    expect(secrets).toMatchObject([{ lastFour: secret?.slice(-4), validUntil: null }]);
    const shown = await api.call('GET', `/v1/subscriptions/${id}`, { key });
    expect(shown.headers['etag']).toBe('"1"');
    expect(shown.text).not.toContain(secret);
    expect(shown.json()).not.toHaveProperty('secret');
  });

  test('is not stored when its URL does not prove itself, and the steps tell how far it got', async () => {
    receiver.proof = 'wrong';
    const before = await count();
    const answer = await subscribe();
    expect(answer.status).toBe(422);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.json()).toMatchObject({
      code: 'challenge_failed',
      handshake: {
        type: 'echo',
        steps: expect.arrayContaining([expect.objectContaining({ name: 'connect' })]),
      },
    });
    expect(await count()).toBe(before);
  });

  test('may be verified later, and is pending until then', async () => {
    receiver.proof = 'wrong';
    const { id, status } = await subscribed({ verify: 'later' });
    expect(status).toBe('pending');
    expect((await api.call('POST', `/v1/subscriptions/${id}/verify`, { key })).status).toBe(422);
    receiver.proof = 'echo';
    const verified = await api.call('POST', `/v1/subscriptions/${id}/verify`, { key });
    expect(verified.status, verified.text).toBe(200);
    expect(verified.json()).toMatchObject({ status: 'active', verifiedAt: expect.stringMatching(/^\d{4}-/) });
  });

  test.each([
    [{ url: 7 }, 'url'],
    [{ url: `https://example.com/${'x'.repeat(2_100)}` }, 'url'],
    [{ eventTypes: [] }, 'eventTypes'],
    [{ eventTypes: 'guestbook.*' }, 'eventTypes'],
    [{ eventTypes: ['no spaces please'] }, 'eventTypes'],
    [{ eventTypes: Array.from({ length: 101 }, (_, index) => `a.b${index}`) }, 'eventTypes'],
    [{ handshake: 'trust-me' }, 'handshake'],
    [{ verify: 'maybe' }, 'verify'],
    [{ timeoutMs: 10 }, 'timeoutMs'],
    [{ timeoutMs: null }, 'timeoutMs'],
    [{ maxInFlight: 0 }, 'maxInFlight'],
    [{ rateLimitPerSecond: 0 }, 'rateLimitPerSecond'],
    [{ rateLimitPerSecond: 10_001 }, 'rateLimitPerSecond'],
    [{ rateLimitPerSecond: '5' }, 'rateLimitPerSecond'],
    [{ description: 'x'.repeat(600) }, 'description'],
    [{ headers: 'x-team: a' }, 'headers'],
    [{ headers: { host: 'evil' } }, 'headers.host'],
    [{ headers: { 'x-a': 'b\r\nx-c: d' } }, 'headers.x-a'],
    [{ retry: { scheduleSeconds: [-1] } }, 'retry.scheduleSeconds'],
    [{ retry: { forever: true } }, 'retry.forever'],
    [{ retry: 7 }, 'retry'],
    [{ colour: 'red' }, 'colour'],
  ])('with %j is refused with the name of the field', async (fields, field) => {
    const answer = await subscribe(fields);
    expect(answer.status, answer.text).toBe(422);
    const { code, errors } = answer.json<{ code: string; errors: { field: string; message: string }[] }>();
    expect(code).toBe('validation_failed');
    expect(errors.map((error) => error.field)).toContain(field);
    for (const { message } of errors) expect(message.length).toBeGreaterThan(10);
  });

  test.each([
    'ftp://example.com',
    'http://169.254.169.254/latest',
    'https://user:pw@example.com',
    'nope',
    '',
  ])('to %s is refused as a URL', async (url) => {
    const answer = await subscribe({ url });
    expect(answer.status, answer.text).toBe(422);
    expect(answer.json()).toMatchObject({ code: 'url_not_allowed', errors: [{ field: 'url' }] });
  });

  test('with an event type that nobody publishes is refused by name', async () => {
    const answer = await subscribe({ eventTypes: ['shop.order.placed'] });
    expect(answer.json()).toMatchObject({ status: 422, code: 'unknown_event_type' });
  });

  test('with a secret that is none is refused, and the secret is not repeated', async () => {
    const answer = await subscribe({ secret: 'whsec_c2hvcnQ=' });
    expect(answer.json()).toMatchObject({ status: 422, code: 'invalid_secret' });
    expect(answer.text).not.toContain('c2hvcnQ');
  });
});

describe('a change', () => {
  test('with the tag that was seen is made, with an older one refused', async () => {
    const { id } = await subscribed();
    const path = `/v1/subscriptions/${id}`;
    const change = (ifMatch: string, description: string): Promise<Answer> =>
      api.call('PATCH', path, { key, body: { description }, headers: { 'if-match': ifMatch } });
    const first = await change('"1"', 'first');
    expect(first.status, first.text).toBe(200);
    expect(first.headers['etag']).toBe('"2"');
    const stale = await change('"1"', 'second');
    expect(stale.json()).toMatchObject({ status: 412, code: 'precondition_failed' });
    expect((await change('W/"2"', 'weak')).status).toBe(412);
    expect((await change('*', 'third')).status).toBe(200);
    expect((await api.call('GET', path, { key })).json()).toMatchObject({ description: 'third', version: 3 });
  });

  test('sets only what it names; null takes away what may be missing and nothing else', async () => {
    const { id } = await subscribed({
      description: 'kept',
      maxInFlight: 3,
      rateLimitPerSecond: 50,
      retry: { scheduleSeconds: [1, 2] },
    });
    const path = `/v1/subscriptions/${id}`;
    const limits = { maxInFlight: null, rateLimitPerSecond: null };
    const before = await api.call('GET', path, { key });
    expect(before.json()).toMatchObject({ maxInFlight: 3, rateLimitPerSecond: 50 });
    const changed = await api.call('PATCH', path, { key, body: { ...limits, retry: null } });
    expect(changed.json(), changed.text).toMatchObject({
      description: 'kept',
      ...limits,
      retry: null,
    });
    for (const field of ['url', 'eventTypes', 'timeoutMs', 'headers', 'handshake']) {
      const refused = await api.call('PATCH', path, { key, body: { [field]: null } });
      expect(refused.status, field).toBe(422);
    }
    expect((await api.call('PATCH', path, { key, body: { status: 'active' } })).status).toBe(422);
    expect((await api.call('PATCH', path, { key, body: { secret: 'whsec_x' } })).status).toBe(422);
  });

  test('to a URL that does not prove itself leaves everything as it was', async () => {
    const { id } = await subscribed();
    receiver.proof = 'wrong';
    const refused = await api.call('PATCH', `/v1/subscriptions/${id}`, {
      key,
      body: { url: `${receiver.url}/other` },
    });
    expect(refused.json()).toMatchObject({ status: 422, code: 'challenge_failed' });
    const kept = await api.call('GET', `/v1/subscriptions/${id}`, { key });
    expect(kept.json()).toMatchObject({ url: receiver.url, version: 1 });
  });
});

test('a subscription is paused and resumed, and says so each time', async () => {
  const { id } = await subscribed();
  const act = (action: string): Promise<Answer> =>
    api.call('POST', `/v1/subscriptions/${id}/${action}`, { key });
  expect((await act('pause')).json()).toMatchObject({ status: 'paused', statusReason: 'paused_by_request' });
  expect((await act('pause')).status).toBe(200);
  expect((await act('test')).json()).toMatchObject({ status: 409, code: 'subscription_not_active' });
  expect((await act('resume')).json()).toMatchObject({ status: 'active', statusReason: null });
});

test('a rotated secret is shown this one time, and the one before ends after the overlap', async () => {
  const { id, secret } = await subscribed();
  const path = `/v1/subscriptions/${id}/rotate-secret`;
  const rotated = await api.call('POST', path, { key, body: { overlapSeconds: 60 } });
  const body = rotated.json<Subscription>();
  expect(rotated.status, rotated.text).toBe(200);
  expect(rotated.headers['cache-control']).toBe('no-store');
  expect(body.secret).not.toBe(secret);
  expect(body.secrets).toMatchObject([
    { lastFour: body.secret?.slice(-4), validUntil: null },
    { lastFour: secret?.slice(-4), validUntil: expect.stringMatching(/^\d{4}-/) },
  ]);
  for (const overlapSeconds of [-1, 604_801, 1.5, 'x', null]) {
    expect((await api.call('POST', path, { key, body: { overlapSeconds } })).status).toBe(422);
  }
});

test('a test event goes to one subscription and is found in its delivery log', async () => {
  const { id } = await subscribed();
  const sent = await api.call('POST', `/v1/subscriptions/${id}/test`, { key });
  expect(sent.status, sent.text).toBe(202);
  const { eventId, deliveryId } = sent.json<{ eventId: string; deliveryId: string }>();
  const log = await api.call('GET', `/v1/deliveries?subscriptionId=${id}`, { key });
  expect(log.json()).toMatchObject({
    data: [{ id: deliveryId, eventId, subscriptionId: id }],
    nextCursor: null,
  });
});

test('a removed subscription is gone', async () => {
  const { id } = await subscribed();
  const removed = await api.call('DELETE', `/v1/subscriptions/${id}`, { key });
  expect(removed.status).toBe(204);
  expect(removed.text).toBe('');
  expect((await api.call('GET', `/v1/subscriptions/${id}`, { key })).status).toBe(404);
});

test('pages follow each other without a gap or a repetition while subscriptions are added', async () => {
  for (let index = 0; index < 3; index += 1) await subscribed({ verify: 'later' });
  const seen: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
    const answer = await api.call('GET', `/v1/subscriptions?limit=2${query}`, { key });
    const page = answer.json<{ data: Subscription[]; nextCursor: string | null }>();
    seen.push(...page.data.map(({ id }) => id));
    if (seen.length === 2) await subscribed({ verify: 'later' });
    cursor = page.nextCursor;
  }
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen.length).toBe(await count());
  const malformed = await api.call('GET', '/v1/subscriptions?cursor=nonsense', { key });
  expect(malformed.json()).toMatchObject({ status: 400, code: 'invalid_cursor' });
});

async function count(): Promise<number> {
  const answer = await api.call('GET', '/v1/subscriptions?limit=250', { key });
  return answer.json<{ data: unknown[] }>().data.length;
}
