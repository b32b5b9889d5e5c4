import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Receiver } from '../../support/receiver.js';
import { ApiFixture } from './api-fixture.js';
import { addressOf, documentedOperations, type Operation } from './operations.js';

const ROLES = ['viewer', 'manager', 'admin'];
const HAS_ID = /\{\w+\}/;

let api: ApiFixture;
let receiver: Receiver;
let operations: Operation[];
let own: { uuid: string; id: string };
let foreign: { uuid: string; id: string };
const ids: Record<string, string> = {};

beforeAll(async () => {
  api = await ApiFixture.start();
  receiver = await Receiver.start();
  operations = await documentedOperations(api);
  own = await api.tenant('own');
  foreign = await api.tenant('foreign');
  await makeOneOfEach();
});
afterAll(async () => {
  await receiver.stop();
  await api.stop();
});

/** Things of the tenant `own`, so that another tenant's key has something to guess at. */
async function makeOneOfEach(): Promise<void> {
  const key = await api.key('manager', own.uuid);
  const eventType = 'shop.order.placed';
  expect((await api.call('POST', '/v1/event-types', { key, body: { name: eventType } })).status).toBe(201);
  const body = { url: receiver.url, eventTypes: ['*'], handshake: 'none' };
  const headers = { 'bellhop-tenant': own.id };
  const subscribed = await api.call('POST', '/v1/subscriptions', { body, headers });
  expect(subscribed.json()).toMatchObject({ tenantId: own.id, status: 'active' });
  const published = await api.call('POST', '/v1/events', { key, body: { type: eventType, data: {} } });
  expect(published.json()).toMatchObject({ deliveries: 1 });
  const topic = await api.call('POST', '/v1/topics', { key, body: { eventTypes: ['*'] } });
  const log = (await api.call('GET', '/v1/deliveries', { key })).json<{ data: { id: string }[] }>();
  const keys = await api.call('GET', `/v1/admin/api-keys?tenantId=${own.id}`);
  ids['event-types'] = eventType;
  ids['subscriptions'] = subscribed.json<{ id: string }>().id;
  ids['events'] = published.json<{ id: string }>().id;
  ids['deliveries'] = log.data[0]?.id ?? '';
  ids['topics'] = topic.json<{ id: string }>().id;
  ids['admin'] = keys.json<{ data: { id: string }[] }>().data[0]?.id ?? '';
}

const protectedOnes = (): Operation[] => operations.filter(({ isPublic }) => !isPublic);
const call = (operation: Operation, key: string | null, address = addressOf(operation)) =>
  api.call(operation.method, address, { key, ...(operation.method === 'GET' ? {} : { body: {} }) });

describe('every operation of the document', () => {
  test('declares which role it needs; only health and public keys are open to everyone', () => {
    expect(operations.length).toBeGreaterThan(25);
    const undeclared = protectedOnes().filter(({ role }) => !ROLES.includes(role ?? ''));
    expect(undeclared.map(({ id }) => id)).toEqual([]);
    const open = operations.filter(({ isPublic }) => isPublic).map(({ path }) => path);
    expect(open.toSorted()).toEqual(['/health/live', '/health/ready', '/v1/subscriptions/{id}/jwks.json']);
  });

  test('has a name of its own', () => {
    const names = operations.map(({ id }) => id);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z][A-Za-z]+$/);
  });

  test('needs a change to be made by a manager or an admin', () => {
    const changes = protectedOnes().filter(({ method }) => method !== 'GET');
    expect(changes.filter(({ role }) => role === 'viewer').map(({ id }) => id)).toEqual([]);
  });

  test.each([
    ['no key', null],
    ['an unknown key', `bhk_${'A'.repeat(49)}`],
    ['a text that is no key', 'Bearer Bearer'],
  ])('refuses %s with 401 before it looks at anything', async (_name, key) => {
    for (const operation of protectedOnes()) {
      const answer = await call(operation, key);
      expect(answer.status, operation.id).toBe(401);
      expect(answer.headers['www-authenticate'], operation.id).toMatch(/^Bearer/);
      expect(answer.json(), operation.id).toMatchObject({ code: 'unauthorized' });
    }
  });

  test.each(['viewer', 'manager'] as const)(
    'refuses a %s exactly what its role does not cover',
    async (role) => {
      const key = await api.key(role, own.uuid);
      for (const operation of protectedOnes()) {
        const answer = await call(operation, key);
        const isCovered = ROLES.indexOf(role) >= ROLES.indexOf(operation.role ?? '');
        const label = `${operation.id}: ${answer.text}`;
        if (isCovered) expect([200, 201, 202, 204, 400, 404, 409, 422], label).toContain(answer.status);
        else expect(answer.status, label).toBe(403);
      }
    },
  );

  test("hides another tenant's things behind 404, never 403 and never an answer", async () => {
    const key = await api.key('admin', foreign.uuid);
    const withId = protectedOnes().filter(({ path }) => HAS_ID.test(path));
    expect(withId.length).toBeGreaterThan(12);
    for (const operation of withId) {
      const answer = await call(operation, key, addressOf(operation, ids));
      expect(answer.status, `${operation.id}: ${answer.text}`).toBe(404);
    }
  });

  test('shows nothing of another tenant in any list', async () => {
    const key = await api.key('admin', foreign.uuid);
    const lists = protectedOnes().filter(({ path, method }) => method === 'GET' && !HAS_ID.test(path));
    for (const operation of lists) {
      const answer = await call(operation, key);
      expect(answer.text, operation.id).not.toContain(own.id);
      for (const id of Object.values(ids)) expect(answer.text, operation.id).not.toContain(id);
    }
  });

  test('answers an id that is none with 404, whatever it looks like', async () => {
    const bad = [
      'x',
      '%00',
      'evt_',
      `sub_${'z'.repeat(26)}`,
      '00000000-0000-0000-0000-000000000000',
      "'--",
      '💥',
    ];
    for (const operation of protectedOnes().filter(({ path }) => HAS_ID.test(path))) {
      for (const id of bad) {
        const address = operation.path.replace(HAS_ID, encodeURIComponent(id).replaceAll('%25', '%'));
        const answer = await api.call(
          operation.method,
          address,
          operation.method === 'GET' ? {} : { body: {} },
        );
        expect([400, 404], `${operation.id} ${id}: ${answer.text}`).toContain(answer.status);
      }
    }
  });
});

test('the things of the tenant are still there after all that', async () => {
  const key = await api.key('viewer', own.uuid);
  for (const area of ['events', 'subscriptions', 'deliveries', 'event-types', 'topics']) {
    const answer = await api.call('GET', `/v1/${area}/${ids[area]}`, { key });
    expect(answer.status, area).toBe(200);
  }
});
