import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { fromTypeId } from '#libs/kernel';
import { Leases } from '#libs/subscriptions';
import { discover, type HubCall, WebSubDouble } from '../../support/doubles/websub.double.js';
import { eventually } from '../../support/eventually.js';
import type { Answer } from '../api/api-fixture.js';
import { FacadeStage } from './facade-stage.js';

interface TopicView {
  readonly id: string;
  readonly url: string;
  readonly hub: string;
}
interface SubscriptionShown {
  readonly id: string;
  readonly status: string;
  readonly topicId: string;
  readonly leaseUntil: string;
  readonly profileConfig: Record<string, unknown>;
}

let stage: FacadeStage;
let subscriber: WebSubDouble;
let topic: TopicView;

beforeAll(async () => {
  stage = await FacadeStage.start();
});
afterAll(() => stage.stop());
beforeEach(async () => {
  subscriber = await WebSubDouble.start();
  topic = await makeTopic();
});
afterEach(async () => {
  await stage.api.call('DELETE', `/v1/topics/${topic.id}`);
  await subscriber.stop();
});

/** Through the port, so that its URL is one that a subscriber can reach. */
async function makeTopic(wish: object = { eventTypes: ['guestbook.*'] }): Promise<TopicView> {
  const headers = { host: new URL(stage.origin).host };
  const made = await stage.api.call('POST', '/v1/topics', { body: wish, headers });
  expect(made.status, made.text).toBe(201);
  return made.json<TopicView>();
}

async function followers(): Promise<SubscriptionShown[]> {
  const { data } = (await stage.api.call('GET', '/v1/subscriptions?limit=250')).json<{
    data: SubscriptionShown[];
  }>();
  return data.filter(({ topicId }) => topicId === topic.id);
}

/** Subscribes, and waits until it is. */
async function subscribed(call: HubCall = {}): Promise<SubscriptionShown> {
  const answer = await subscriber.follow(topic.url, call);
  expect(answer.status, await answer.text()).toBe(202);
  return eventually(async () => {
    const [found] = await followers();
    expect(found?.status).toBe('active');
    return found as SubscriptionShown;
  });
}

const challenges = async (id: string): Promise<unknown> => {
  const log: Answer = await stage.api.call('GET', `/v1/subscriptions/${id}/challenges`);
  return log.json<{ data: { purpose: string; outcome: string }[] }>().data.map(({ purpose, outcome }) => ({
    purpose,
    outcome,
  }));
};

/** Waits for the end of the last question, whatever was answered. */
const settled = (outcome: string): Promise<void> =>
  eventually(async () => {
    const [row] = await stage.engine.db.query<{ outcome: string; transcript: unknown[] }>(
      'SELECT outcome, transcript FROM challenge ORDER BY id DESC LIMIT 1',
    );
    expect(row?.outcome).toBe(outcome);
    expect(row?.transcript).toHaveLength(1);
  });

test('a topic names its hub and itself, and shows what was published, to everybody who has its URL', async () => {
  const id = await stage.publish({ name: 'Ada' });
  await stage.api.call('POST', '/v1/event-types', { body: { name: 'guestbook_too.entry.created' } });
  await stage.publish({ name: 'nobody' }, 'guestbook_too.entry.created');
  const answer = await fetch(topic.url);
  expect(answer.headers.get('content-type')).toContain('application/json');
  expect(answer.headers.get('link')).toBe(`<${topic.hub}>; rel="hub", <${topic.url}>; rel="self"`);
  expect(await answer.json()).toMatchObject({
    data: [{ id, type: 'guestbook.entry.created', data: { name: 'Ada' } }],
  });
  expect(await discover(topic.url)).toEqual({ hub: topic.hub, self: topic.url });
  expect((await fetch(`${topic.url}x`)).status).toBe(404);
});

test('a subscriber that confirms gets each item, signed with its secret, with the links of the topic', async () => {
  const { id, profileConfig } = await subscribed({
    secret: 'hush',
    lease: 3600,
    more: { 'hub.verify': 'async' },
  });
  expect(profileConfig).toMatchObject({ topic: topic.url, hub: topic.hub, lease: 3600 });
  expect(subscriber.verifications).toMatchObject([{ mode: 'subscribe', topic: topic.url, lease: '3600' }]);
  expect(subscriber.verifications[0]?.target).toMatch(/^\/cb\?x=1&hub\.mode=subscribe&hub\.topic=/);
  expect(await challenges(id)).toEqual([{ purpose: 'consent', outcome: 'passed' }]);
  await stage.publish({ name: 'Zoë' });
  await eventually(() => expect(subscriber.distributed).toHaveLength(1));
  const [item] = subscriber.distributed;
  expect(item?.isVerified).toBe(true);
  expect(item?.headers['content-type']).toBe('application/json');
  expect(item?.headers['link']).toBe(`<${topic.hub}>; rel="hub", <${topic.url}>; rel="self"`);
  expect(item?.headers['x-hub-signature']).toMatch(/^sha256=[0-9a-f]{64}$/);
  expect(JSON.parse(item?.body ?? '')).toMatchObject({
    type: 'guestbook.entry.created',
    data: { name: 'Zoë' },
  });
});

test('without a secret nothing is signed', async () => {
  await subscribed();
  await stage.publish({});
  await eventually(() => expect(subscriber.distributed).toHaveLength(1));
  expect(subscriber.distributed[0]?.isVerified).toBeNull();
});

test.each([
  ['another text', 'wrong' as const],
  ['404', 404],
  ['302', 302],
  ['500', 500],
])('a subscriber that answers the verification with %s has not subscribed', async (_name, verifying) => {
  subscriber.verifying = verifying;
  expect((await subscriber.follow(topic.url)).status).toBe(202);
  await settled('failed');
  expect(await followers()).toEqual([]);
});

test('the answer of the hub does not wait for the verification', async () => {
  subscriber.verifying = 'hold';
  expect((await subscriber.follow(topic.url)).status).toBe(202);
  await eventually(() => expect(subscriber.verifications).toHaveLength(1));
  expect(await followers()).toEqual([]);
  subscriber.release();
  await eventually(async () => expect(await followers()).toHaveLength(1));
});

test('to subscribe again renews lease and secret, once it is confirmed, and makes no second subscription', async () => {
  const first = await subscribed({ secret: 'old', lease: 600 });
  subscriber.verifying = 'wrong';
  await subscriber.follow(topic.url, { secret: 'stolen', lease: 2_000_000 });
  await settled('failed');
  expect(await followers()).toEqual([first]);
  subscriber.verifying = 'echo';
  await subscriber.follow(topic.url, { secret: 'new', lease: 7200 });
  const renewed = await eventually(async () => {
    const found = await followers();
    expect(found).toMatchObject([{ id: first.id, profileConfig: { lease: 7200 } }]);
    return found;
  });
  expect(Date.parse(renewed[0]?.leaseUntil ?? '')).toBeGreaterThan(Date.parse(first.leaseUntil));
  await stage.publish({});
  await eventually(() => expect(subscriber.distributed.map(({ isVerified }) => isVerified)).toEqual([true]));
});

test.each([
  [1, 300],
  [undefined, 864_000],
  [1_000_000_000, 2_592_000],
])('a lease of %s seconds becomes %i', async (lease, expected) => {
  const { leaseUntil } = await subscribed(lease === undefined ? {} : { lease });
  expect(subscriber.verifications[0]?.lease).toBe(String(expected));
  expect(Math.abs(Date.parse(leaseUntil) - Date.now() - expected * 1000)).toBeLessThan(60_000);
});

test('whoever unsubscribes is asked, and gets nothing more once it has said yes', async () => {
  const { id } = await subscribed();
  subscriber.verifying = 'wrong';
  expect((await subscriber.follow(topic.url, { mode: 'unsubscribe' })).status).toBe(202);
  await settled('failed');
  expect(await followers()).toHaveLength(1);
  subscriber.verifying = 'echo';
  await subscriber.follow(topic.url, { mode: 'unsubscribe' });
  await eventually(async () => expect(await followers()).toEqual([]));
  expect(subscriber.verifications.at(-1)).toMatchObject({ mode: 'unsubscribe', lease: null });
  expect((await subscriber.follow(topic.url, { mode: 'unsubscribe' })).status).toBe(404);
  const log = (await stage.api.call('GET', '/v1/admin/audit-log?limit=250')).json<{
    data: { path: string; operation: string }[];
  }>();
  const mine = log.data.filter(({ path }) => path.endsWith(id)).map(({ operation }) => operation);
  expect(mine).toEqual(['hubUnsubscribe', 'hubSubscribe']);
});

test('a subscription ends with its lease, and no item comes after that', async () => {
  const other = await WebSubDouble.start();
  const { id } = await subscribed();
  await other.follow(topic.url);
  await eventually(async () => expect(await followers()).toHaveLength(2));
  await stage.engine.db.query(
    `UPDATE subscription SET lease_until = now() - interval '1 second' WHERE url LIKE $1`,
    [`${new URL(subscriber.callback).origin}%`],
  );
  expect(await stage.engine.app.get(Leases, { strict: false }).endDue()).toBe(1);
  expect((await followers()).map((one) => one.id)).not.toContain(id);
  await stage.publish({});
  await eventually(() => expect(other.distributed).toHaveLength(1));
  expect(subscriber.distributed).toEqual([]);
  const [note] = (await stage.api.call('GET', '/v1/admin/audit-log?operation=endLease')).json<{
    data: object[];
  }>().data;
  expect(note).toMatchObject({ reason: 'lease_expired', path: `/v1/subscriptions/${id}` });
  await other.stop();
});

test('one that answers 410 ends its subscription, and may subscribe again', async () => {
  await subscribed();
  subscriber.status = '410 Gone';
  await stage.publish({});
  await eventually(async () => expect(await followers()).toMatchObject([{ status: 'disabled' }]));
  subscriber.status = '204 No Content';
  await subscribed();
});

test('a topic that is removed ends its subscriptions, and tells their subscribers', async () => {
  await subscribed();
  expect((await stage.api.call('DELETE', `/v1/topics/${topic.id}`)).status).toBe(204);
  expect(await followers()).toEqual([]);
  await eventually(() =>
    expect(subscriber.denials).toEqual([{ topic: topic.url, reason: 'The topic is gone.' }]),
  );
  expect((await fetch(topic.url)).status).toBe(404);
  topic = await makeTopic();
});

test('a subscription that the publisher removes is told so', async () => {
  const { id } = await subscribed();
  expect((await stage.api.call('DELETE', `/v1/subscriptions/${id}`)).status).toBe(204);
  await eventually(() => expect(subscriber.denials).toMatchObject([{ topic: topic.url }]));
  const log = await stage.engine.db.query<{ purpose: string }>(
    'SELECT purpose FROM challenge WHERE subscription_id = $1 ORDER BY id',
    [fromTypeId('sub', id)],
  );
  expect(log.map(({ purpose }) => purpose)).toEqual(['consent', 'denial']);
});

test('a topic with as many subscribers as it can have refuses the next at its callback', async () => {
  await stage.engine.db.query(
    `INSERT INTO subscription (id, tenant_id, url, event_types, handshake, status, topic_id, lease_until)
     SELECT gen_random_uuid(), t.tenant_id, 'http://127.0.0.1:1/' || n, '{never.*}', 'websub', 'disabled', t.id, now() + interval '1 day'
     FROM topic t, generate_series(1, 1000) n WHERE position(t.token IN $1) > 0`,
    [topic.url],
  );
  expect((await subscriber.follow(topic.url)).status).toBe(202);
  await eventually(() => expect(subscriber.denials).toHaveLength(1));
  expect(subscriber.denials[0]?.reason).toMatch(/as many subscribers/);
  expect(subscriber.verifications).toEqual([]);
  await stage.engine.db.query(`DELETE FROM subscription WHERE url LIKE 'http://127.0.0.1:1/%'`);
});

test('the filter of a topic counts for its page and for its subscribers', async () => {
  await stage.api.call('DELETE', `/v1/topics/${topic.id}`);
  const filter = { path: 'data.name', equals: 'Grace' };
  topic = await makeTopic({ eventTypes: ['guestbook.entry.created'], filter, description: 'Grace alone' });
  await subscribed();
  await stage.publish({ name: 'Ada' });
  const id = await stage.publish({ name: 'Grace' });
  await eventually(() => expect(subscriber.distributed).toHaveLength(1));
  expect(subscriber.distributed[0]?.body).toContain('Grace');
  const page = (await (await fetch(topic.url)).json()) as { data: { id: string }[] };
  expect(page.data.map((item) => item.id)).toEqual([id]);
});

test.each([
  ['no topic', { topic: undefined }, 400, 'hub.topic is missing.'],
  ['another mode', { mode: 'publish' }, 400, 'hub.mode must be'],
  ['a topic of another hub', { topic: 'https://elsewhere.example/topics/x' }, 404, 'no such topic'],
  ['a lease that is no number', { more: { 'hub.lease_seconds': 'long' } }, 400, 'hub.lease_seconds must be'],
  ['a secret of 200 bytes', { secret: 's'.repeat(200) }, 422, '1 to 199 bytes'],
])('%s is refused with the reason as plain text', async (_name, call, status, reason) => {
  const answer = await subscriber.call(topic.hub, { topic: topic.url, ...call } as HubCall);
  expect(answer.status).toBe(status);
  expect(answer.headers.get('content-type')).toContain('text/plain');
  expect(await answer.text()).toContain(reason);
  expect(subscriber.verifications).toEqual([]);
});

test('a callback where nothing may be sent is refused, whatever the reason', async () => {
  const callbacks = ['not a url', 'http://10.0.0.1/cb', 'http://169.254.169.254/', 'ftp://example.org/'];
  const answers = await Promise.all(
    callbacks.map((callback) => subscriber.call(topic.hub, { topic: topic.url, callback })),
  );
  expect(answers.map(({ status }) => status)).toEqual([422, 422, 422, 422]);
  const texts = new Set(await Promise.all(answers.map((answer) => answer.text())));
  expect([...texts]).toEqual([expect.stringContaining('This URL is not allowed')]);
});

test('only a form is taken', async () => {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(topic.hub, { method: 'POST', headers, body: '{}' });
  expect(answer.status).toBe(415);
});

test('the longest secret is taken', async () => {
  await subscribed({ secret: 's'.repeat(199) });
  await stage.publish({});
  await eventually(() => expect(subscriber.distributed).toMatchObject([{ isVerified: true }]));
});

test('topics belong to their tenant', async () => {
  const { uuid } = await stage.api.tenant(`of topics ${topic.id}`);
  const key = await stage.api.key('admin', uuid);
  const list = await stage.api.call('GET', '/v1/topics', { key });
  expect(list.json()).toEqual({ data: [], nextCursor: null });
  for (const method of ['GET', 'DELETE']) {
    const answer = await stage.api.call(method, `/v1/topics/${topic.id}`, { key });
    expect(answer.json()).toMatchObject({ status: 404, code: 'topic_not_found' });
  }
  expect((await stage.api.call('GET', `/v1/topics/${topic.id}`)).json()).toMatchObject({ id: topic.id });
});

test('an address that asks too often has to wait', async () => {
  const call = (): Promise<Response> => subscriber.call(topic.hub, { topic: `${topic.url}x` });
  const answers = [];
  for (let asked = 0; asked < 61; asked += 1) answers.push(await call());
  const last = answers.at(-1);
  expect(last?.status).toBe(429);
  expect(Number(last?.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await last?.text()).toContain('Wait before the next one');
});
