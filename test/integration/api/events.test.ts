import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, ApiFixture } from './api-fixture.js';

interface Accepted {
  readonly id: string;
  readonly deliveries: number;
}

const TYPE = 'guestbook.entry.created';

let api: ApiFixture;
let key: string;
beforeAll(async () => {
  api = await ApiFixture.start();
  key = await api.key('manager', null);
});
afterAll(() => api.stop());

const publish = (body: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
  api.call('POST', '/v1/events', { key, body, headers });
const publishRaw = (raw: string, headers: Record<string, string> = {}): Promise<Answer> =>
  api.call('POST', '/v1/events', { key, raw, headers });

describe('an event', () => {
  test('is accepted and can be read back with its data', async () => {
    const answer = await publish({
      type: TYPE,
      data: { n: 1 },
      subject: 'entry 1',
      timestamp: '2026-01-02T03:04:05Z',
    });
    expect(answer.status, answer.text).toBe(202);
    const { id } = answer.json<Accepted>();
    expect(answer.json()).toEqual({ id, type: TYPE, timestamp: '2026-01-02T03:04:05.000Z', deliveries: 0 });
    const shown = await api.call('GET', `/v1/events/${id}`, { key });
    expect(shown.json()).toMatchObject({
      id,
      type: TYPE,
      subject: 'entry 1',
      data: { n: 1 },
      deliveries: [],
    });
  });

  test.each([
    ['{', 400, 'malformed_json'],
    [`{"type":"${TYPE}","data":${'['.repeat(40)}${']'.repeat(40)}}`, 400, 'malformed_json'],
    ['[]', 422, 'validation_failed'],
    ['', 422, 'validation_failed'],
    ['{"data":{}}', 422, 'validation_failed'],
    [`{"type":"${TYPE}"}`, 422, 'validation_failed'],
    [`{"type":"${TYPE}","data":{},"colour":"red"}`, 422, 'validation_failed'],
    [`{"type":"${TYPE}","data":{},"id":"mine"}`, 422, 'validation_failed'],
    [`{"type":"${TYPE}","data":{},"timestamp":"yesterday"}`, 422, 'validation_failed'],
    ['{"type":"nobody.knows.this","data":{}}', 422, 'unknown_event_type'],
    [`{"type":"${TYPE}","data":"${'x'.repeat(257 * 1024)}"}`, 413, 'event_too_large'],
    [`{"type":"${TYPE}","data":"${'x'.repeat(400 * 1024)}"}`, 413, 'payload_too_large'],
  ])('%.60s … is answered with %i %s', async (raw, status, code) => {
    const answer = await publishRaw(raw);
    expect(answer.status, answer.text.slice(0, 300)).toBe(status);
    expect(answer.json()).toMatchObject({ status, code });
  });

  test('of 256 KiB is accepted', async () => {
    expect((await publish({ type: TYPE, data: 'x'.repeat(256 * 1024 - 2) })).status).toBe(202);
  });

  test('with __proto__ in its data changes nothing but is kept as data', async () => {
    const answer = await publishRaw(
      `{"type":"${TYPE}","data":{"__proto__":{"admin":true},"constructor":{"prototype":1}}}`,
    );
    const shown = await api.call('GET', `/v1/events/${answer.json<Accepted>().id}`, { key });
    expect(shown.text).toContain('"__proto__":{"admin":true}');
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  test('belongs to the tenant of the key, and a key of the platform may name another one', async () => {
    const shop = await api.tenant('shop');
    await api.call('POST', '/v1/event-types', {
      body: { name: TYPE },
      headers: { 'bellhop-tenant': shop.id },
    });
    const named = await publish({ type: TYPE, data: {}, tenantId: shop.id });
    expect(named.status, named.text).toBe(202);
    const shopKey = await api.key('manager', shop.uuid);
    const list = await api.call('GET', '/v1/events', { key: shopKey });
    expect(list.json<{ data: Accepted[] }>().data.map(({ id }) => id)).toEqual([named.json<Accepted>().id]);
    const body = { type: TYPE, data: {}, tenantId: (await api.tenant('other')).id };
    expect((await api.call('POST', '/v1/events', { key: shopKey, body })).status).toBe(404);
    expect((await publish({ type: TYPE, data: {}, tenantId: 'me' })).status).toBe(404);
  });

  test('that is no JSON by its media type is refused', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await publishRaw('type=a.b&data=1', headers)).status).toBe(415);
  });
});

describe('an Idempotency-Key', () => {
  test('gives the first answer again, and refuses another body', async () => {
    const headers = { 'idempotency-key': 'order 7' };
    const first = await publish({ type: TYPE, data: { n: 7 } }, headers);
    const again = await publish({ type: TYPE, data: { n: 7 } }, headers);
    expect(first.status, first.text).toBe(202);
    expect(again.status).toBe(202);
    expect(again.json()).toEqual(first.json());
    const other = await publish({ type: TYPE, data: { n: 8 } }, headers);
    expect(other.json()).toMatchObject({ status: 422, code: 'idempotency_key_reused' });
  });

  test('of another tenant is another key', async () => {
    const headers = { 'idempotency-key': 'shared' };
    const first = await publish({ type: TYPE, data: {} }, headers);
    const other = await api.tenant('another');
    await api.call('POST', '/v1/event-types', {
      body: { name: TYPE },
      headers: { 'bellhop-tenant': other.id },
    });
    const second = await publish({ type: TYPE, data: {} }, { ...headers, 'bellhop-tenant': other.id });
    expect(second.status, second.text).toBe(202);
    expect(second.json<Accepted>().id).not.toBe(first.json<Accepted>().id);
  });

  test.each(['', 'x'.repeat(256), 'caf\u00e9'])('%.10s is refused as such', async (text) => {
    const answer = await publish({ type: TYPE, data: {} }, { 'idempotency-key': text });
    expect(answer.json()).toMatchObject({ status: 422, code: 'invalid_idempotency_key' });
  });
});

describe('a batch', () => {
  const batch = (events: unknown): Promise<Answer> =>
    api.call('POST', '/v1/events/batch', { key, body: { events } });

  test('accepts the good events and says of each other one what is wrong', async () => {
    const answer = await batch([
      { type: TYPE, data: 1 },
      { type: 'nobody.knows.this', data: 2 },
      'no event',
      { type: TYPE, data: 'x'.repeat(300 * 1024) },
      { type: TYPE, data: 5 },
    ]);
    expect(answer.status, answer.text).toBe(202);
    expect(answer.json()).toMatchObject({
      data: [
        { type: TYPE, deliveries: 0 },
        { code: 'unknown_event_type', status: 422 },
        { code: 'validation_failed', status: 422 },
        { code: 'event_too_large', status: 413 },
        { type: TYPE, deliveries: 0 },
      ],
    });
  });

  test.each([
    [[], 'validation_failed'],
    ['none', 'validation_failed'],
    [Array.from({ length: 1_001 }, () => ({ type: TYPE, data: 1 })), 'batch_too_large'],
  ])('that is no list of 1 to 1000 events is refused as a whole', async (events, code) => {
    expect((await batch(events)).json()).toMatchObject({ status: 422, code });
  });
});

describe('a list of events', () => {
  test('is filtered by type, newest first, page by page', async () => {
    const answer = await api.call('GET', `/v1/events?type=${TYPE}&limit=2`, { key });
    const { data, nextCursor } = answer.json<{ data: Accepted[]; nextCursor: string }>();
    expect(data).toHaveLength(2);
    expect(data.map(({ id }) => id)).toEqual(
      data
        .map(({ id }) => id)
        .toSorted()
        .toReversed(),
    );
    const next = await api.call('GET', `/v1/events?limit=2&cursor=${nextCursor}`, { key });
    expect(next.json<{ data: Accepted[] }>().data[0]?.id.localeCompare(data[1]?.id ?? '')).toBe(-1);
    expect((await api.call('GET', '/v1/events?type=guestbook.entry.deleted', { key })).json()).toMatchObject({
      data: [],
    });
  });

  test.each(['type=%00', 'type=a&type=b', 'limit=x', 'from=2026'])(
    'with %s is refused, not broken',
    async (query) => {
      expect((await api.call('GET', `/v1/events?${query}`, { key })).status).toBe(422);
    },
  );
});

describe('event types', () => {
  test('are made, read, changed and archived; their schema is enforced', async () => {
    const schema = { type: 'object', required: ['total'], properties: { total: { type: 'number' } } };
    const made = await api.call('POST', '/v1/event-types', {
      key,
      body: { name: 'shop.order.placed', schema },
    });
    expect(made.status, made.text).toBe(201);
    const again = await api.call('POST', '/v1/event-types', { key, body: { name: 'shop.order.placed' } });
    expect(again.json()).toMatchObject({ status: 409, code: 'event_type_exists' });
    expect((await publish({ type: 'shop.order.placed', data: { total: 'x' } })).json()).toMatchObject({
      status: 422,
      code: 'schema_mismatch',
    });
    expect((await publish({ type: 'shop.order.placed', data: { total: 3 } })).status).toBe(202);
    const path = '/v1/event-types/shop.order.placed';
    const changed = await api.call('PATCH', path, { key, body: { description: 'An order', schema: null } });
    expect(changed.json()).toMatchObject({ description: 'An order', schema: null });
    expect((await api.call('DELETE', path, { key })).status).toBe(204);
    expect((await api.call('GET', path, { key })).json()).toMatchObject({ code: 'event_type_not_found' });
  });

  test.each([
    { name: 'one' },
    { name: 'a b.c' },
    { name: 'a.b', description: null },
    { name: 'a.b', schema: 'x' },
    {},
  ])('%j is refused', async (body) => {
    expect((await api.call('POST', '/v1/event-types', { key, body })).status).toBe(422);
  });
});
