import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { fromTypeId } from '#libs/kernel';
import { discover } from '../../support/doubles/websub.double.js';
import { eventually } from '../../support/eventually.js';
import { WebSubStage } from './websub-stage.js';

let hub: WebSubStage;
beforeAll(async () => {
  hub = await WebSubStage.start();
});
afterAll(() => hub.stop());
beforeEach(() => hub.begin());
afterEach(() => hub.end());

test('a topic names its hub and itself, and shows what was published, to everybody who has its URL', async () => {
  const id = await hub.stage.publish({ name: 'Ada' });
  await hub.stage.api.call('POST', '/v1/event-types', { body: { name: 'guestbook_too.entry.created' } });
  await hub.stage.publish({ name: 'nobody' }, 'guestbook_too.entry.created');
  const answer = await fetch(hub.topic.url);
  expect(answer.headers.get('content-type')).toContain('application/json');
  expect(answer.headers.get('link')).toBe(`<${hub.topic.hub}>; rel="hub", <${hub.topic.url}>; rel="self"`);
  expect(await answer.json()).toMatchObject({
    data: [{ id, type: 'guestbook.entry.created', data: { name: 'Ada' } }],
  });
  expect(await discover(hub.topic.url)).toEqual({ hub: hub.topic.hub, self: hub.topic.url });
  expect((await fetch(`${hub.topic.url}x`)).status).toBe(404);
});

test('a topic that is removed ends its subscriptions, and tells their subscribers', async () => {
  await hub.subscribed();
  expect((await hub.stage.api.call('DELETE', `/v1/topics/${hub.topic.id}`)).status).toBe(204);
  expect(await hub.followers()).toEqual([]);
  await eventually(() =>
    expect(hub.subscriber.denials).toEqual([{ topic: hub.topic.url, reason: 'The topic is gone.' }]),
  );
  expect((await fetch(hub.topic.url)).status).toBe(404);
  hub.topic = await hub.makeTopic();
});

test('a subscription that the publisher removes is told so', async () => {
  const { id } = await hub.subscribed();
  expect((await hub.stage.api.call('DELETE', `/v1/subscriptions/${id}`)).status).toBe(204);
  await eventually(() => expect(hub.subscriber.denials).toMatchObject([{ topic: hub.topic.url }]));
  const log = await hub.stage.engine.db.query<{ purpose: string }>(
    'SELECT purpose FROM challenge WHERE subscription_id = $1 ORDER BY id',
    [fromTypeId('sub', id)],
  );
  expect(log.map(({ purpose }) => purpose)).toEqual(['consent', 'denial']);
});

test('a topic with as many subscribers as it can have refuses the next at its callback', async () => {
  await hub.stage.engine.db.query(
    `INSERT INTO subscription (id, tenant_id, url, event_types, handshake, status, topic_id, lease_until)
     SELECT gen_random_uuid(), t.tenant_id, 'http://127.0.0.1:1/' || n, '{never.*}', 'websub', 'disabled', t.id, now() + interval '1 day'
     FROM topic t, generate_series(1, 1000) n WHERE position(t.token IN $1) > 0`,
    [hub.topic.url],
  );
  expect((await hub.subscriber.follow(hub.topic.url)).status).toBe(202);
  await eventually(() => expect(hub.subscriber.denials).toHaveLength(1));
  expect(hub.subscriber.denials[0]?.reason).toMatch(/as many subscribers/);
  expect(hub.subscriber.verifications).toEqual([]);
  await hub.stage.engine.db.query(`DELETE FROM subscription WHERE url LIKE 'http://127.0.0.1:1/%'`);
});

test('the filter of a topic counts for its page and for its subscribers', async () => {
  await hub.stage.api.call('DELETE', `/v1/topics/${hub.topic.id}`);
  const filter = { path: 'data.name', equals: 'Grace' };
  hub.topic = await hub.makeTopic({
    eventTypes: ['guestbook.entry.created'],
    filter,
    description: 'Grace alone',
  });
  await hub.subscribed();
  await hub.stage.publish({ name: 'Ada' });
  const id = await hub.stage.publish({ name: 'Grace' });
  await eventually(() => expect(hub.subscriber.distributed).toHaveLength(1));
  expect(hub.subscriber.distributed[0]?.body).toContain('Grace');
  const page = (await (await fetch(hub.topic.url)).json()) as { data: { id: string }[] };
  expect(page.data.map((item) => item.id)).toEqual([id]);
});

test('topics belong to their tenant', async () => {
  const { uuid } = await hub.stage.api.tenant(`of topics ${hub.topic.id}`);
  const key = await hub.stage.api.key('admin', uuid);
  const list = await hub.stage.api.call('GET', '/v1/topics', { key });
  expect(list.json()).toEqual({ data: [], nextCursor: null });
  for (const method of ['GET', 'DELETE']) {
    const answer = await hub.stage.api.call(method, `/v1/topics/${hub.topic.id}`, { key });
    expect(answer.json()).toMatchObject({ status: 404, code: 'topic_not_found' });
  }
  expect((await hub.stage.api.call('GET', `/v1/topics/${hub.topic.id}`)).json()).toMatchObject({
    id: hub.topic.id,
  });
});
