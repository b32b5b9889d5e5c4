import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ApiFixture } from './api-fixture.js';

interface CreatedKey {
  readonly id: string;
  readonly key: string;
}

let api: ApiFixture;
let tenant: { uuid: string; id: string };
beforeAll(async () => {
  api = await ApiFixture.start();
  tenant = await api.tenant('acme');
});
afterAll(() => api.stop());

describe('an API key', () => {
  test('is shown once, works until it is revoked, and is listed without its text', async () => {
    const body = { name: 'backend', role: 'manager', tenantId: tenant.id };
    const made = await api.call('POST', '/v1/admin/api-keys', { body });
    expect(made.status, made.text).toBe(201);
    expect(made.headers['cache-control']).toBe('no-store');
    const { id, key } = made.json<CreatedKey>();
    expect(made.json()).toMatchObject({
      tenantId: tenant.id,
      role: 'manager',
      lastFour: key.slice(-4),
      expiresAt: null,
    });
    expect((await api.call('GET', '/v1/events', { key })).status).toBe(200);
    const listed = await api.call('GET', `/v1/admin/api-keys?tenantId=${tenant.id}`);
    expect(listed.text).toContain(id);
    expect(listed.text).not.toContain(key);
    expect((await api.call('DELETE', `/v1/admin/api-keys/${id}`)).status).toBe(204);
    expect((await api.call('GET', '/v1/events', { key })).status).toBe(401);
    expect((await api.call('DELETE', `/v1/admin/api-keys/${id}`)).status).toBe(404);
  });

  test("is handed out by a tenant's admin for that tenant alone", async () => {
    const key = await api.key('admin', tenant.uuid);
    const other = await api.tenant('other');
    const ask = (body: object) =>
      api.call('POST', '/v1/admin/api-keys', { key, body: { name: 'x', ...body } });
    expect((await ask({ role: 'viewer' })).json()).toMatchObject({ tenantId: tenant.id });
    expect((await ask({ role: 'viewer', tenantId: other.id })).status).toBe(403);
    const listed = await api.call('GET', `/v1/admin/api-keys?tenantId=${other.id}`, { key });
    expect(listed.text).not.toContain(other.id);
  });

  test.each([
    { role: 'viewer' },
    { name: '', role: 'viewer' },
    { name: 'a\u0000b', role: 'viewer' },
    { name: 'x', role: 'god' },
    { name: 'x', role: 'viewer', expiresAt: 'soon' },
    { name: 'x', role: 'viewer', expiresAt: '2001-01-01T00:00:00Z' },
    { name: 'x', role: 'viewer', tenantId: 7 },
  ])('asked for as %j is refused', async (body) => {
    const answer = await api.call('POST', '/v1/admin/api-keys', { body });
    expect(answer.status, answer.text).toBe(422);
    expect(answer.json<{ errors: unknown[] }>().errors).toHaveLength(1);
  });
});

describe('what concerns all tenants', () => {
  test("is shown to the platform's admin and hidden from a tenant's", async () => {
    const key = await api.key('admin', tenant.uuid);
    for (const path of ['deliveries', 'overview', 'reconciliation', 'tenants']) {
      expect((await api.call('GET', `/v1/admin/${path}`)).status, path).toBe(200);
      expect((await api.call('GET', `/v1/admin/${path}`, { key })).status, path).toBe(403);
    }
    expect((await api.call('POST', '/v1/admin/tenants', { key, body: { name: 'mine' } })).status).toBe(403);
  });

  test('counts what there is', async () => {
    expect((await api.call('GET', '/v1/admin/overview')).json()).toMatchObject({
      pending: 0,
      oldestDueSeconds: null,
      lastHour: { attempts: 0, delivered: 0, failed: 0 },
      topFailures: [],
    });
  });

  test.each([
    'status=done',
    'from=soon',
    'to=',
    'subscriptionId=a&subscriptionId=b',
    'eventType=%00',
    'limit=9999',
  ])('is not broken by the filter %s', async (query) => {
    expect((await api.call('GET', `/v1/admin/deliveries?${query}`)).status).toBe(422);
  });

  test('finds nothing by an id that names nothing', async () => {
    const answer = await api.call('GET', '/v1/deliveries?subscriptionId=nonsense&eventId=evt_x');
    expect(answer.json()).toEqual({ data: [], nextCursor: null });
  });
});

test('a tenant is made once by name, and named tenants are listed', async () => {
  const made = await api.call('POST', '/v1/admin/tenants', { body: { name: 'initech' } });
  expect(made.status, made.text).toBe(201);
  expect((await api.call('POST', '/v1/admin/tenants', { body: { name: 'initech' } })).status).toBe(409);
  expect((await api.call('GET', '/v1/admin/tenants')).text).toContain(made.json<{ id: string }>().id);
  for (const name of ['', 'a\nb', 7, null, 'x'.repeat(200)]) {
    expect((await api.call('POST', '/v1/admin/tenants', { body: { name } })).status).toBe(422);
  }
});

test('a tenant that a header names must be one that the key may act for', async () => {
  const other = await api.tenant('third');
  const key = await api.key('viewer', tenant.uuid);
  const as = (id: string, caller?: string) =>
    api.call('GET', '/v1/events', { ...(caller && { key: caller }), headers: { 'bellhop-tenant': id } });
  expect((await as(other.id)).status).toBe(200);
  expect((await as(tenant.id, key)).status).toBe(200);
  expect((await as(other.id, key)).json()).toMatchObject({ status: 404, code: 'tenant_not_found' });
  expect((await as('nonsense')).status).toBe(404);
});
