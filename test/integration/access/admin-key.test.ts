import { afterEach, beforeEach, expect, test } from 'vitest';
import { DEFAULT_TENANT_ID } from '#libs/kernel';
import { type AccessNode, OPERATOR, startNodes } from './access-fixture.js';

let nodes: AccessNode[];
let stop: () => Promise<void>;

beforeEach(async () => {
  ({ nodes, stop } = await startNodes(2));
});

afterEach(() => stop());

const ADMIN = { tenantId: null, role: 'admin' };

test('of two processes that start first, one makes the admin key, and it is told once', async () => {
  const results = await Promise.all(nodes.map(({ settings }) => settings.ensureAdmin(null)));
  const made = results.filter(({ isNew }) => isNew);
  expect(made).toHaveLength(1);
  expect(await nodes[0]?.keys.authenticate(made[0]?.key ?? '')).toMatchObject(ADMIN);
  expect(await nodes[0]?.settings.ensureAdmin(null)).toEqual({ key: null, isNew: false });
});

test("the operator's key is taken as it is, and replaces the one before", async () => {
  const [first, second] = ['an operator’s key, chosen by hand · 1', 'an operator’s key, chosen by hand · 2'];
  const { keys, settings } = nodes[0]!;
  for (let start = 0; start < 2; start += 1) {
    expect(await settings.ensureAdmin(first)).toEqual({ key: first, isNew: false });
    expect(await keys.authenticate(first)).toMatchObject(ADMIN);
  }
  await settings.ensureAdmin(second);
  expect(await keys.authenticate(second)).toMatchObject(ADMIN);
  expect(await keys.authenticate(first)).toBeNull();
  await settings.ensureAdmin(first);
  expect(await keys.authenticate(first)).toMatchObject(ADMIN);
});

test('a key that looks like one of ours and is none is refused at the start, and nothing is kept of it', async () => {
  const { keys, settings } = nodes[0]!;
  const { key } = await settings.ensureAdmin(null);
  const cut = key?.slice(0, -1) ?? '';
  await expect(settings.ensureAdmin(cut)).rejects.toThrow(/BELLHOP_ADMIN_KEY[^]*Give the whole key/);
  await expect(settings.ensureClient(cut)).rejects.toThrow(/BELLHOP_API_KEY/);
  await expect(settings.ensureAdmin(cut)).rejects.not.toThrow(cut);
  expect(await settings.ensureAdmin(key)).toEqual({ key, isNew: false });
  expect(await keys.authenticate(key ?? '')).toMatchObject(ADMIN);
});

test("the settings' key of the demos is a manager's of the default tenant, and replaces the one before", async () => {
  const [first, second] = [
    'a key of the demos, chosen by hand · 1',
    'a key of the demos, chosen by hand · 2',
  ];
  const { keys, settings } = nodes[0]!;
  for (let start = 0; start < 2; start += 1) {
    await settings.ensureClient(first);
    expect(await keys.authenticate(first)).toMatchObject({ tenantId: DEFAULT_TENANT_ID, role: 'manager' });
  }
  await settings.ensureClient(second);
  expect(await keys.authenticate(second)).toMatchObject({ role: 'manager' });
  expect(await keys.authenticate(first)).toBeNull();
  await settings.ensureClient(first);
  expect(await keys.authenticate(first)).toMatchObject({ role: 'manager' });
});

test('a key that somebody else has stays what it is when the demos are given it', async () => {
  const { keys, settings } = nodes[0]!;
  const operators = 'an operator’s key, chosen by hand · 3';
  await settings.ensureAdmin(operators);
  await settings.ensureClient(operators);
  expect(await keys.authenticate(operators)).toMatchObject(ADMIN);
  const wanted = { name: 'viewer', role: 'viewer', tenantId: null } as const;
  const { key, apiKey } = await keys.create(OPERATOR, wanted);
  await settings.ensureClient(key);
  expect(await keys.authenticate(key)).toMatchObject({ tenantId: null, role: 'viewer' });
  await keys.revoke(OPERATOR, apiKey.id);
  await settings.ensureClient(key);
  expect(await keys.authenticate(key)).toBeNull();
});

test('a tenant name is taken once and checked', async () => {
  const { tenants } = nodes[0]!;
  const acme = await tenants.create({ name: 'acme' });
  expect((await tenants.list({ limit: 10 })).data.map(({ name }) => name)).toEqual(['default', 'acme']);
  expect(await tenants.get(acme.id)).toMatchObject({ name: 'acme' });
  await expect(tenants.create({ name: 'acme' })).rejects.toMatchObject({
    kind: 'conflict',
    code: 'tenant_exists',
  });
  for (const name of ['', '  ', 'a\u0000b', 'x'.repeat(129)]) {
    await expect(tenants.create({ name })).rejects.toMatchObject({ code: 'invalid_tenant' });
  }
});
