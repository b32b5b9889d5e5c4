import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Receiver } from '../../support/receiver.js';
import { type Answer, ApiFixture } from './api-fixture.js';

const TYPE = 'shop.order.placed';
const PAID = { path: 'data.status', equals: 'paid' };
const FILTER = {
  all: [
    PAID,
    {
      any: [
        { path: 'data.amount', gte: 100 },
        { path: 'subject', prefix: 'vip/' },
      ],
    },
  ],
};

let api: ApiFixture;
let receiver: Receiver;
let key: string;
let viewer: string;
let tenant: string;

beforeAll(async () => {
  api = await ApiFixture.start();
  receiver = await Receiver.start();
  const { uuid, id } = await api.tenant('shop');
  tenant = id;
  key = await api.key('manager', uuid);
  viewer = await api.key('viewer', uuid);
  await api.call('POST', '/v1/event-types', { key, body: { name: TYPE } });
});
afterAll(async () => {
  await receiver.stop();
  await api.stop();
});

/** The operator subscribes without a challenge. */
const subscribe = (fields: object): Promise<Answer> =>
  api.call('POST', '/v1/subscriptions', {
    body: { url: receiver.url, eventTypes: ['shop.*'], handshake: 'none', ...fields },
    headers: { 'bellhop-tenant': tenant },
  });

async function subscribed(fields: object): Promise<string> {
  const answer = await subscribe(fields);
  expect(answer.status, answer.text).toBe(201);
  return answer.json<{ id: string }>().id;
}

async function publish(data: object, fields: object = {}): Promise<{ id: string; deliveries: number }> {
  const answer = await api.call('POST', '/v1/events', { key, body: { type: TYPE, data, ...fields } });
  expect(answer.status, answer.text).toBe(202);
  return answer.json();
}

async function explained(subscription: string, eventId: string): Promise<Record<string, unknown>> {
  const answer = await api.call('GET', `/v1/subscriptions/${subscription}/explain?eventId=${eventId}`, {
    key: viewer,
  });
  expect(answer.status, answer.text).toBe(200);
  return answer.json();
}

describe('a filter', () => {
  test('is kept as it was written, shown, changed and taken away', async () => {
    const id = await subscribed({ filter: FILTER });
    const address = `/v1/subscriptions/${id}`;
    expect((await api.call('GET', address, { key })).json()).toMatchObject({ filter: FILTER });
    const changed = await api.call('PATCH', address, { key, body: { filter: PAID } });
    expect(changed.json()).toMatchObject({ filter: PAID, version: 2 });
    const kept = await api.call('PATCH', address, { key, body: { description: 'orders' } });
    expect(kept.json()).toMatchObject({ filter: PAID });
    const removed = await api.call('PATCH', address, { key, body: { filter: null } });
    expect(removed.json()).toMatchObject({ filter: null });
    await api.call('DELETE', address, { key });
  });

  test.each<[unknown, string]>([
    [{ all: [PAID, { path: 'data.amount', gte: '100' }] }, 'filter.all[1].gte'],
    [{ path: 'data.items[*].id', equals: 1 }, 'filter.path'],
    [{ path: 'data.a', matches: '(a+)+$' }, 'filter.matches'],
    [{ path: 'data.a', equals: 'a\0' }, 'filter.equals'],
    [[PAID], 'filter'],
    ['paid', 'filter'],
    [{}, 'filter'],
  ])('that cannot be used is refused with the place of its fault: %j', async (filter, field) => {
    const answer = await subscribe({ filter });
    expect(answer.status, answer.text).toBe(422);
    expect(answer.json()).toMatchObject({ code: 'validation_failed', errors: [{ field }] });
    expect(answer.text).not.toContain('(a+)+');
  });
});

describe('trying a filter', () => {
  const tried = (body: object): Promise<Answer> =>
    api.call('POST', '/v1/subscriptions/filter-test', { key, body });

  test('says which part decided, for data alone and for an event', async () => {
    expect((await tried({ filter: FILTER, data: { status: 'open' } })).json()).toEqual({
      matches: false,
      clause: 'filter.all[0]',
      detail: 'equals "paid" does not hold: data.status is "open".',
    });
    const event = { type: TYPE, subject: 'vip/42', data: { status: 'paid', amount: 5 } };
    expect((await tried({ filter: FILTER, event })).json()).toEqual({
      matches: true,
      clause: 'filter.all',
      detail: 'All 2 parts hold.',
    });
    expect((await tried({ filter: { path: 'data', equals: null }, data: null })).json()).toMatchObject({
      matches: true,
    });
  });

  test('needs a filter that can be used and something to try it on', async () => {
    const without = await tried({ filter: PAID });
    expect([without.status, without.json()]).toMatchObject([422, { errors: [{ field: 'event' }] }]);
    const unusable = await tried({ filter: { not: { path: 'x', exists: true } }, data: {} });
    expect([unusable.status, unusable.json()]).toMatchObject([
      422,
      { errors: [{ field: 'filter.not.path' }] },
    ]);
  });
});

describe('the explanation', () => {
  test('of an event that was sent has its delivery and what happens next', async () => {
    const id = await subscribed({ filter: FILTER });
    const event = await publish({ status: 'paid', amount: 100 });
    expect(await explained(id, event.id)).toMatchObject({
      summary: expect.stringMatching(/^It has a delivery\. Attempt 1 /),
      checks: [
        { name: 'status', outcome: 'passed', detail: 'It is active.' },
        { name: 'eventType', outcome: 'passed', detail: `${TYPE} is wanted by shop.*.` },
        { name: 'filter', outcome: 'passed', clause: 'filter.all' },
      ],
      changedAt: null,
      delivery: { subscriptionId: id, eventId: event.id, status: 'pending' },
    });
  });

  test('of one that was not names the clause', async () => {
    const id = await subscribed({ filter: FILTER });
    const event = await publish({ status: 'open' });
    expect(await explained(id, event.id)).toMatchObject({
      summary: 'Not sent: equals "paid" does not hold: data.status is "open".',
      checks: [{}, {}, { name: 'filter', outcome: 'failed', clause: 'filter.all[0]' }],
      delivery: null,
    });
  });

  test('of one that nobody asked for says which types are', async () => {
    const id = await subscribed({ eventTypes: ['guestbook.*'] });
    const { id: event } = await publish({});
    expect(await explained(id, event)).toMatchObject({
      summary: `Not sent: ${TYPE} is not among its event types: guestbook.*.`,
    });
  });

  test('does not guess what a subscription was before it was made or changed', async () => {
    const before = await publish({ status: 'paid' });
    const id = await subscribed({ filter: { not: PAID } });
    expect(await explained(id, before.id)).toMatchObject({
      summary: expect.stringMatching(/^Not sent: The subscription was made at /),
      checks: [{ name: 'status', outcome: 'failed' }, {}, {}],
    });
    const refused = await publish({ status: 'paid' });
    await api.call('PATCH', `/v1/subscriptions/${id}`, { key, body: { filter: null } });
    expect(await explained(id, refused.id)).toMatchObject({
      summary: expect.stringMatching(/settings of now would send it, but they were changed at .* not kept/),
      checks: [{ name: 'status', outcome: 'unknown' }, {}, { outcome: 'passed' }],
      changedAt: expect.any(String),
    });
  });

  test('needs an event, and one of the same tenant', async () => {
    const id = await subscribed({});
    const address = `/v1/subscriptions/${id}/explain`;
    const without = await api.call('GET', address, { key });
    expect([without.status, without.json()]).toMatchObject([422, { errors: [{ field: 'eventId' }] }]);
    const foreign = await api.call('POST', '/v1/events', {
      body: { type: 'guestbook.entry.created', data: {} },
    });
    const other = await api.call('GET', `${address}?eventId=${foreign.json<{ id: string }>().id}`, { key });
    expect([other.status, other.json()]).toMatchObject([404, { code: 'event_not_found' }]);
  });
});
