import { afterAll, beforeAll, expect, test } from 'vitest';
import { Database } from '#libs/database';
import { DEFAULT_TENANT_ID, toTypeId } from '#libs/kernel';
import { SubscriptionsService } from '#libs/subscriptions';
import { Receiver } from '../../support/receiver.js';
import { ApiFixture } from './api-fixture.js';

interface Entry {
  readonly operation: string;
  readonly outcome: string | null;
  readonly objectId: string | null;
  readonly fields: readonly string[];
}
interface AuditPage {
  readonly data: readonly Entry[];
  readonly nextCursor: string | null;
}

let api: ApiFixture;
let receiver: Receiver;
beforeAll(async () => {
  api = await ApiFixture.start();
  receiver = await Receiver.start();
});
afterAll(async () => {
  await receiver.stop();
  await api.stop();
});

const log = async (query = ''): Promise<AuditPage> =>
  (await api.call('GET', `/v1/admin/audit-log${query}`)).json<AuditPage>();

async function subscribe(extra: object = {}): Promise<{ id: string; uuid: string }> {
  const body = { url: receiver.url, eventTypes: ['*'], handshake: 'none', ...extra };
  const { id } = (await api.call('POST', '/v1/subscriptions', { body })).json<{ id: string }>();
  const [row] = await api.app
    .get(Database)
    .query<{ id: string }>('SELECT id FROM subscription ORDER BY id DESC LIMIT 1');
  return { id, uuid: row?.id ?? '' };
}

test('a change is written down with who, what and what came of it, and without what was secret', async () => {
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
  const { id } = await subscribe({ secret });
  const { data } = await log();
  expect(data[0]).toMatchObject({
    apiKeyId: expect.stringMatching(/^key_/) as string,
    tenantId: toTypeId('ten', DEFAULT_TENANT_ID),
    operation: 'createSubscription',
    path: '/v1/subscriptions',
    objectId: id,
    fields: ['url', 'eventTypes', 'handshake', 'secret'],
    requestId: expect.any(String) as string,
    outcome: 'done',
    reason: null,
  });
  expect(JSON.stringify(data)).not.toContain(secret.slice(6));
});

test('a change that was refused stands there with the code of its problem', async () => {
  await api.call('POST', '/v1/subscriptions', { body: { url: 'ftp://example.com/', eventTypes: ['*'] } });
  expect((await log()).data[0]).toMatchObject({ operation: 'createSubscription', objectId: null });
  expect((await log()).data[0]?.outcome).not.toBe('done');
  await api.call('POST', '/v1/deliveries/dlv_01h455vb4pex5vsknk084sn02q/retry');
  expect((await log()).data[0]).toMatchObject({ operation: 'retryDelivery', outcome: 'delivery_not_found' });
});

test('neither reading nor publishing is written down', async () => {
  const before = (await log()).data.length;
  await api.call('POST', '/v1/events', { body: { type: 'guestbook.entry.created', data: {} } });
  await api.call('GET', '/v1/subscriptions');
  expect((await log()).data).toHaveLength(before);
});

test('what the platform does by itself stands there with its reason and no key', async () => {
  const { id, uuid } = await subscribe();
  const owned = { tenantId: DEFAULT_TENANT_ID, id: uuid };
  await api.app.get(SubscriptionsService, { strict: false }).disable({ ...owned, reason: 'gone' });
  const { data } = await log('?operation=disableSubscription');
  expect(data).toMatchObject([
    { apiKeyId: null, path: `/v1/subscriptions/${id}`, outcome: 'done', reason: 'gone' },
  ]);
});

test('a change that cannot be written down is not made', async () => {
  const database = api.app.get(Database);
  await database.query('ALTER TABLE audit_log RENAME TO audit_log_away');
  const refused = await api.call('POST', '/v1/admin/tenants', { body: { name: 'unwritten' } });
  await database.query('ALTER TABLE audit_log_away RENAME TO audit_log');
  expect(refused.status).toBe(500);
  const tenants = await api.call('GET', '/v1/admin/tenants?limit=250');
  expect(tenants.text).not.toContain('unwritten');
});

test('the list is filtered by tenant and key, page by page, and is for the operator alone', async () => {
  const tenant = await api.tenant('audited');
  const key = await api.key('manager', tenant.uuid);
  for (const name of ['a.b.c', 'a.b.d', 'a.b.e'])
    await api.call('POST', '/v1/event-types', { key, body: { name } });
  const all = await log(`?tenantId=${tenant.id}`);
  expect(all.data).toHaveLength(3);
  const first = await log(`?tenantId=${tenant.id}&limit=2`);
  const rest = await log(`?tenantId=${tenant.id}&limit=2&cursor=${first.nextCursor}`);
  expect([...first.data, ...rest.data]).toEqual(all.data);
  expect(rest.nextCursor).toBeNull();
  const { apiKeyId } = all.data[0] as unknown as { apiKeyId: string };
  expect((await log(`?apiKeyId=${apiKeyId}`)).data).toEqual(all.data);
  expect((await log('?tenantId=ten_nobody')).data).toEqual([]);
  expect((await api.call('GET', '/v1/admin/audit-log', { key })).status).toBe(403);
});
