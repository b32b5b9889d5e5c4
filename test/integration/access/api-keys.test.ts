import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ApiKeysService, Principal, Role } from '#libs/access';
import { DEFAULT_TENANT_ID, newId } from '#libs/kernel';
import { eventually } from '../../support/eventually.js';
import { type AccessNode, OPERATOR, startNodes } from './access-fixture.js';

let node: AccessNode;
let other: AccessNode;
let keys: ApiKeysService;
let stop: () => Promise<void>;

beforeAll(async () => {
  const started = await startNodes(2);
  stop = started.stop;
  [node, other] = started.nodes as [AccessNode, AccessNode];
  keys = node.keys;
});

afterAll(() => stop());

const make = (role: Role, by: Principal = OPERATOR, expiresAt?: Date): ReturnType<ApiKeysService['create']> =>
  keys.create(by, { name: `a ${role}`, role, tenantId: DEFAULT_TENANT_ID, expiresAt });

test('a new key authenticates as its tenant and role, and only its hash is stored', async () => {
  const { apiKey, key } = await make('manager');
  expect(await keys.authenticate(key)).toEqual({
    keyId: apiKey.id,
    tenantId: DEFAULT_TENANT_ID,
    role: 'manager',
  });
  expect(apiKey.lastFour).toBe(key.slice(-4));
  const [row] = await node.database.query<{ text: string }>(
    'SELECT api_key::text AS text FROM api_key WHERE id = $1',
    [apiKey.id],
  );
  expect(row?.text).not.toContain(key.slice(4, 47));
  expect(row?.text).not.toContain(Buffer.from(key).toString('hex'));
});

test('a key in another spelling is no key', async () => {
  const { key } = await make('viewer');
  for (const text of ['', `${key} `, key.toUpperCase(), key.slice(0, -1), `${key}A`]) {
    expect(await keys.authenticate(text)).toBeNull();
  }
});

test('a revoked key stops at once on its node and within a second on others', async () => {
  const { apiKey, key } = await make('viewer');
  expect(await other.keys.authenticate(key)).not.toBeNull();
  await keys.revoke(OPERATOR, apiKey.id);
  const revokedAt = Date.now();
  expect(await keys.authenticate(key)).toBeNull();
  await eventually(async () => expect(await other.keys.authenticate(key)).toBeNull(), { timeoutMs: 1_500 });
  expect(Date.now() - revokedAt).toBeLessThan(1_500);
});

test('an expired key is refused', async () => {
  const { key } = await make('viewer', OPERATOR, new Date(Date.now() + 300));
  expect(await keys.authenticate(key)).not.toBeNull();
  await eventually(async () => expect(await keys.authenticate(key)).toBeNull(), { timeoutMs: 2_500 });
});

test('the use of a key is noted, but not more than once a minute', async () => {
  const { apiKey, key } = await make('viewer');
  const lastUsed = async (): Promise<Date | null | undefined> =>
    (
      await node.database.query<{ last_used_at: Date | null }>(
        'SELECT last_used_at FROM api_key WHERE id = $1',
        [apiKey.id],
      )
    )[0]?.last_used_at;
  expect(await lastUsed()).toBeNull();
  await keys.authenticate(key);
  const first = await eventually(async () => {
    const at = await lastUsed();
    expect(at).toBeInstanceOf(Date);
    return at;
  });
  await other.keys.authenticate(key);
  expect(await lastUsed()).toEqual(first);
});

test('nobody hands out more than they have, nor for another tenant', async () => {
  const tenant = await node.tenants.create({ name: `acme ${newId()}` });
  const manager: Principal = { keyId: newId(), tenantId: tenant.id, role: 'manager' };
  const wanted = (role: Role, tenantId: string | null) => ({ name: 'k', role, tenantId });
  await expect(keys.create(manager, wanted('manager', tenant.id))).resolves.toBeDefined();
  const refused: [Principal, Role, string | null][] = [
    [manager, 'admin', tenant.id],
    [manager, 'viewer', DEFAULT_TENANT_ID],
    [manager, 'viewer', null],
    [{ ...manager, role: 'admin' }, 'viewer', null],
    [{ ...manager, role: 'viewer' }, 'viewer', tenant.id],
    [{ ...OPERATOR, role: 'manager' }, 'viewer', tenant.id],
  ];
  for (const [by, role, tenantId] of refused) {
    await expect(keys.create(by, wanted(role, tenantId))).rejects.toMatchObject({ kind: 'forbidden' });
  }
  await expect(keys.create(OPERATOR, wanted('viewer', newId()))).rejects.toMatchObject({
    code: 'tenant_not_found',
  });
});

test('a tenant sees and revokes its own keys only', async () => {
  const tenant = await node.tenants.create({ name: `globex ${newId()}` });
  const admin: Principal = { keyId: newId(), tenantId: tenant.id, role: 'admin' };
  const { apiKey: own } = await keys.create(OPERATOR, { name: 'own', role: 'viewer', tenantId: tenant.id });
  const { apiKey: foreign } = await make('viewer');
  const { data } = await keys.list(admin, { tenantId: DEFAULT_TENANT_ID, limit: 100 });
  expect(data.map(({ id }) => id)).toEqual([own.id]);
  const everyones = await keys.list(OPERATOR, { limit: 100 });
  expect(everyones.data.map(({ id }) => id)).toEqual(expect.arrayContaining([own.id, foreign.id]));
  await expect(keys.revoke(admin, foreign.id)).rejects.toMatchObject({ code: 'api_key_not_found' });
  await keys.revoke(admin, own.id);
  await expect(keys.revoke(admin, own.id)).rejects.toMatchObject({ code: 'api_key_not_found' });
});

test('keys are listed page by page', async () => {
  const tenant = await node.tenants.create({ name: `pages ${newId()}` });
  for (const name of ['a', 'b', 'c'])
    await keys.create(OPERATOR, { name, role: 'viewer', tenantId: tenant.id });
  const first = await keys.list(OPERATOR, { tenantId: tenant.id, limit: 2 });
  const second = await keys.list(OPERATOR, { tenantId: tenant.id, limit: 2, cursor: first.nextCursor ?? '' });
  expect([...first.data, ...second.data].map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  expect(second.nextCursor).toBeNull();
});

test('a key with an empty name, a strange role or an end in the past is refused', async () => {
  const wanted = { name: ' ', role: 'root' as Role, tenantId: DEFAULT_TENANT_ID, expiresAt: new Date(0) };
  const refusal = await keys.create(OPERATOR, wanted).catch((error: unknown) => error);
  expect(refusal).toMatchObject({
    kind: 'invalid',
    errors: [{ field: 'name' }, { field: 'role' }, { field: 'expiresAt' }],
  });
});
