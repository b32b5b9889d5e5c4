import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { fromTypeId } from '#libs/kernel';
import { Leases } from '#libs/subscriptions';
import { type HubCall, WebSubDouble } from '../../support/doubles/websub.double.js';
import { eventually } from '../../support/eventually.js';
import { WebSubStage } from './websub-stage.js';

let hub: WebSubStage;
beforeAll(async () => {
  hub = await WebSubStage.start();
});
afterAll(() => hub.stop());
beforeEach(() => hub.begin());
afterEach(() => hub.end());

test('a subscriber that confirms gets each item, signed with its secret, with the links of the topic', async () => {
  const { id, profileConfig } = await hub.subscribed({
    secret: 'hush',
    lease: 3600,
    more: { 'hub.verify': 'async' },
  });
  expect(profileConfig).toMatchObject({ topic: hub.topic.url, hub: hub.topic.hub, lease: 3600 });
  expect(hub.subscriber.verifications).toMatchObject([
    { mode: 'subscribe', topic: hub.topic.url, lease: '3600' },
  ]);
  expect(hub.subscriber.verifications[0]?.target).toMatch(/^\/cb\?x=1&hub\.mode=subscribe&hub\.topic=/);
  expect(await hub.challenges(id)).toEqual([{ purpose: 'consent', outcome: 'passed' }]);
  await hub.stage.publish({ name: 'Zoë' });
  await eventually(() => expect(hub.subscriber.distributed).toHaveLength(1));
  const [item] = hub.subscriber.distributed;
  expect(item?.isVerified).toBe(true);
  expect(item?.headers['content-type']).toBe('application/json');
  expect(item?.headers['link']).toBe(`<${hub.topic.hub}>; rel="hub", <${hub.topic.url}>; rel="self"`);
  expect(item?.headers['x-hub-signature']).toMatch(/^sha256=[0-9a-f]{64}$/);
  expect(JSON.parse(item?.body ?? '')).toMatchObject({
    type: 'guestbook.entry.created',
    data: { name: 'Zoë' },
  });
});

test('without a secret nothing is signed', async () => {
  await hub.subscribed();
  await hub.stage.publish({});
  await eventually(() => expect(hub.subscriber.distributed).toHaveLength(1));
  expect(hub.subscriber.distributed[0]?.isVerified).toBeNull();
});

test.each([
  ['another text', 'wrong' as const],
  ['404', 404],
  ['302', 302],
  ['500', 500],
])('a subscriber that answers the verification with %s has not subscribed', async (_name, verifying) => {
  hub.subscriber.verifying = verifying;
  expect((await hub.subscriber.follow(hub.topic.url)).status).toBe(202);
  await hub.refused();
  expect(await hub.followers()).toEqual([]);
});

test('the answer of the hub does not wait for the verification', async () => {
  hub.subscriber.verifying = 'hold';
  expect((await hub.subscriber.follow(hub.topic.url)).status).toBe(202);
  await eventually(() => expect(hub.subscriber.verifications).toHaveLength(1));
  expect(await hub.followers()).toEqual([]);
  hub.subscriber.release();
  await eventually(async () => expect(await hub.followers()).toHaveLength(1));
});

test('to subscribe again renews lease and secret, once it is confirmed, and makes no second subscription', async () => {
  const first = await hub.subscribed({ secret: 'old', lease: 600 });
  hub.subscriber.verifying = 'wrong';
  await hub.subscriber.follow(hub.topic.url, { secret: 'stolen', lease: 2_000_000 });
  await hub.refused();
  expect(await hub.followers()).toEqual([first]);
  hub.subscriber.verifying = 'echo';
  await hub.subscriber.follow(hub.topic.url, { secret: 'new', lease: 7200 });
  const renewed = await eventually(async () => {
    const found = await hub.followers();
    expect(found).toMatchObject([{ id: first.id, profileConfig: { lease: 7200 } }]);
    expect(found[0]?.secrets).toHaveLength(1);
    return found;
  });
  expect(Date.parse(renewed[0]?.leaseUntil ?? '')).toBeGreaterThan(Date.parse(first.leaseUntil));
  await hub.stage.publish({});
  await eventually(() =>
    expect(hub.subscriber.distributed.map(({ isVerified }) => isVerified)).toEqual([true]),
  );
});

test.each([
  [1, 300],
  [undefined, 864_000],
  [1_000_000_000, 2_592_000],
])('a lease of %s seconds becomes %i', async (lease, expected) => {
  const { leaseUntil } = await hub.subscribed(lease === undefined ? {} : { lease });
  expect(hub.subscriber.verifications[0]?.lease).toBe(String(expected));
  expect(Math.abs(Date.parse(leaseUntil) - Date.now() - expected * 1000)).toBeLessThan(60_000);
});

test('whoever unsubscribes is asked, and gets nothing more once it has said yes', async () => {
  const { id } = await hub.subscribed();
  hub.subscriber.verifying = 'wrong';
  expect((await hub.subscriber.follow(hub.topic.url, { mode: 'unsubscribe' })).status).toBe(202);
  await hub.refused();
  expect(await hub.followers()).toHaveLength(1);
  hub.subscriber.verifying = 'echo';
  await hub.subscriber.follow(hub.topic.url, { mode: 'unsubscribe' });
  await eventually(async () => expect(await hub.followers()).toEqual([]));
  expect(hub.subscriber.verifications.at(-1)).toMatchObject({ mode: 'unsubscribe', lease: null });
  expect((await hub.subscriber.follow(hub.topic.url, { mode: 'unsubscribe' })).status).toBe(404);
  const log = (await hub.stage.api.call('GET', '/v1/admin/audit-log?limit=250')).json<{
    data: { path: string; operation: string }[];
  }>();
  const mine = log.data.filter(({ path }) => path.endsWith(id)).map(({ operation }) => operation);
  expect(mine).toEqual(['hubUnsubscribe', 'hubSubscribe']);
});

test('a subscription ends with its lease, and no item comes after that', async () => {
  const other = await WebSubDouble.start();
  const { id } = await hub.subscribed();
  await other.follow(hub.topic.url);
  await eventually(async () => expect(await hub.followers()).toHaveLength(2));
  await hub.stage.engine.db.query(
    `UPDATE subscription SET lease_until = now() - interval '1 second' WHERE url LIKE $1`,
    [`${new URL(hub.subscriber.callback).origin}%`],
  );
  expect(await hub.stage.engine.app.get(Leases, { strict: false }).endDue()).toBe(1);
  expect((await hub.followers()).map((one) => one.id)).not.toContain(id);
  await hub.stage.publish({});
  await eventually(() => expect(other.distributed).toHaveLength(1));
  expect(hub.subscriber.distributed).toEqual([]);
  const [note] = (await hub.stage.api.call('GET', '/v1/admin/audit-log?operation=endLease')).json<{
    data: object[];
  }>().data;
  expect(note).toMatchObject({ reason: 'lease_expired', path: `/v1/subscriptions/${id}` });
  await other.stop();
});

test('nobody has to call for the end of a lease: it comes when it is due', async () => {
  const { id } = await hub.subscribed();
  const { db } = hub.stage.engine;
  await db.query(`UPDATE subscription SET lease_until = now() + interval '300 milliseconds' WHERE id = $1`, [
    fromTypeId('sub', id),
  ]);
  const leases = new Leases(db);
  leases.start();
  expect(await hub.followers()).toHaveLength(1);
  await eventually(async () => expect(await hub.followers()).toEqual([]));
  await leases.stop();
});

test('one that answers 410 ends its subscription, and may subscribe again', async () => {
  await hub.subscribed();
  hub.subscriber.status = '410 Gone';
  await hub.stage.publish({});
  await eventually(async () => expect(await hub.followers()).toMatchObject([{ status: 'disabled' }]));
  hub.subscriber.status = '204 No Content';
  await hub.subscribed();
});

test.each([
  ['no topic', { topic: undefined }, 400, 'hub.topic is missing.'],
  ['another mode', { mode: 'publish' }, 400, 'hub.mode must be'],
  ['a topic of another hub', { topic: 'https://elsewhere.example/topics/x' }, 404, 'no such topic'],
  ['a lease that is no number', { more: { 'hub.lease_seconds': 'long' } }, 400, 'hub.lease_seconds must be'],
  ['a secret of 200 bytes', { secret: 's'.repeat(200) }, 422, '1 to 199 bytes'],
])('%s is refused with the reason as plain text', async (_name, call, status, reason) => {
  const answer = await hub.subscriber.call(hub.topic.hub, { topic: hub.topic.url, ...call } as HubCall);
  expect(answer.status).toBe(status);
  expect(answer.headers.get('content-type')).toContain('text/plain');
  expect(await answer.text()).toContain(reason);
  expect(hub.subscriber.verifications).toEqual([]);
});

test('a callback where nothing may be sent is refused, whatever the reason', async () => {
  const callbacks = ['not a url', 'http://10.0.0.1/cb', 'http://169.254.169.254/', 'ftp://example.org/'];
  const answers = await Promise.all(
    callbacks.map((callback) => hub.subscriber.call(hub.topic.hub, { topic: hub.topic.url, callback })),
  );
  expect(answers.map(({ status }) => status)).toEqual([422, 422, 422, 422]);
  const texts = new Set(await Promise.all(answers.map((answer) => answer.text())));
  expect([...texts]).toEqual([expect.stringContaining('This URL is not allowed')]);
});

test('only a form is taken', async () => {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(hub.topic.hub, { method: 'POST', headers, body: '{}' });
  expect(answer.status).toBe(415);
});

test('the longest secret is taken', async () => {
  await hub.subscribed({ secret: 's'.repeat(199) });
  await hub.stage.publish({});
  await eventually(() => expect(hub.subscriber.distributed).toMatchObject([{ isVerified: true }]));
});

test('an address that asks too often has to wait', async () => {
  const call = (): Promise<Response> => hub.subscriber.call(hub.topic.hub, { topic: `${hub.topic.url}x` });
  const answers = [];
  for (let asked = 0; asked < 61; asked += 1) answers.push(await call());
  const last = answers.at(-1);
  expect(last?.status).toBe(429);
  expect(Number(last?.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await last?.text()).toContain('Wait before the next one');
});
