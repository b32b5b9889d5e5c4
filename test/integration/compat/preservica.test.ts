import { afterAll, beforeAll, expect, test } from 'vitest';
import { AccessTokens } from '../../../apps/api/src/compat/preservica/access-tokens.js';
import { externalHash } from '../../../apps/api/src/compat/preservica/logins.js';
import { PreservicaDouble } from '../../support/doubles/preservica.double.js';
import { eventuallyGives } from '../../support/eventually.js';
import { FacadeStage } from './facade-stage.js';
import { PreservicaClient } from './preservica-client.js';

const SECRET = 'my secret key!';

let stage: FacadeStage;
let receiver: PreservicaDouble;
let key: string;
beforeAll(async () => {
  [stage, receiver] = await Promise.all([FacadeStage.start(), PreservicaDouble.start({ secret: SECRET })]);
  key = await stage.api.key('manager', '01900000-0000-7000-8000-000000000001');
});
afterAll(() => Promise.all([receiver.stop(), stage.stop()]));

const connect = (password: string, more: object = {}): Promise<PreservicaClient> =>
  PreservicaClient.connect({ server: stage.origin, username: 'default', password, ...more });

test('a client subscribes, is sent the event, sees its subscription and ends it', async () => {
  const client = await connect(key);
  expect(client.tenant).toBe('default');
  const made = await client.subscribe(receiver.url, 'FULL_TEXT_INDEXED', SECRET);
  expect(made).toMatchObject({ url: receiver.url, triggerType: 'FULL_TEXT_INDEXED' });
  const [listed] = await client.subscriptions();
  expect(listed?.id).toMatch(/^[0-9a-f]{32}$/);
  const own = await stage.api.call('GET', '/v1/subscriptions');
  expect(own.json<{ data: object[] }>().data).toMatchObject([
    { profile: 'preservica', status: 'active', url: receiver.url },
  ]);
  await stage.publish({ name: 'Zoë' });
  await stage.publish({ name: 'gone' }, 'guestbook.entry.deleted');
  await stage.publish({ name: '😀' }, 'guestbook.entry.created', 'ent_2');
  await eventuallyGives(() => receiver.events.length === 2);
  expect(receiver.events).toMatchObject([
    {
      subscriptionId: listed?.id,
      tenant: 'default',
      trigger: 'FULL_TEXT_INDEXED',
      events: [{ entityRef: 'ent_1' }],
    },
    { events: [{ event: 'FullTextIndexed', entityType: 'IO', entityRef: 'ent_2' }] },
  ]);
  await client.unsubscribe(listed?.id ?? '');
  expect(await client.subscriptions()).toEqual([]);
  await expect(client.unsubscribe(listed?.id ?? '')).rejects.toThrow(/^404 .*no such subscription/);
});

test('a tenant that the client names stands in the bodies, and a failed challenge is told as text', async () => {
  const client = await connect(key, { tenant: 'BRAMA' });
  await expect(client.subscribe(receiver.url, 'MOVED', 'another secret')).rejects.toThrow(/^422 .*challenge/);
  await expect(client.subscribe(receiver.url, 'NEVER_HEARD_OF', SECRET)).rejects.toThrow(
    /^422 .*triggerType/,
  );
  expect(await client.subscriptions()).toEqual([]);
  const made = await client.subscribe(receiver.url, 'MOVED', SECRET);
  const own = await stage.api.call('GET', '/v1/subscriptions');
  expect(own.json<{ data: object[] }>().data).toMatchObject([
    { profileConfig: { tenant: 'BRAMA', trigger: 'MOVED' } },
  ]);
  await client.unsubscribe(String(made['id']));
});

test('an expired token is the one 401, and the client goes on after another login', async () => {
  const tokens = stage.api.app.get(AccessTokens, { strict: false });
  const client = await connect(key);
  const realNow = Date.now;
  Date.now = () => realNow() - 3_600_000;
  const old = tokens.issue({ tenantId: '01900000-0000-7000-8000-000000000001', keyId: '', label: 'x' });
  Date.now = realNow;
  client.useToken(old);
  const before = client.requests;
  expect(await client.subscriptions()).toEqual([]);
  expect(client.requests - before).toBe(3);
});

test('whatever another login would not change is no 401', async () => {
  const foreign = await stage.api.tenant('foreign');
  const foreignKey = await stage.api.key('admin', foreign.uuid);
  const viewer = await stage.api.key('viewer', '01900000-0000-7000-8000-000000000001');
  await expect(connect('bhk_wrong')).rejects.toThrow(/^403 \{/);
  await expect(connect(foreignKey)).rejects.toThrow(/^403 \{/);
  await expect(connect(viewer)).rejects.toThrow('manager role needed');
  await expect(connect(key, { username: 'nobody' })).rejects.toThrow(/^403 \{/);
  const client = await connect(key);
  for (const token of ['', 'x', 'test.AAAA', `test.${'A'.repeat(80)}`]) {
    client.useToken(token);
    await expect(client.subscriptions()).rejects.toThrow(/^403 /);
  }
});

test("a tenant sees and ends no other tenant's subscriptions, and a revoked key ends its sessions", async () => {
  const other = await stage.api.tenant('other');
  const otherKey = await stage.api.key('manager', other.uuid);
  const mine = await connect(key);
  const theirs = await connect(otherKey, { username: 'other' });
  const made = await mine.subscribe(receiver.url, 'MOVED', SECRET);
  expect(await theirs.subscriptions()).toEqual([]);
  await expect(theirs.unsubscribe(String(made['id']))).rejects.toThrow(/^404 /);
  await mine.unsubscribe(String(made['id']));
  const keys = await stage.api.call('GET', `/v1/admin/api-keys?tenantId=${other.id}`);
  const [{ id }] = keys.json<{ data: [{ id: string }] }>().data;
  await stage.api.call('DELETE', `/v1/admin/api-keys/${id}`);
  await expect(theirs.subscriptions()).rejects.toThrow(/^403 /);
});

test('a shared secret logs in without being sent, as long as its hash is fresh', async () => {
  expect(externalHash('1700000000', 'guestbook-user', 'passw0rd')).toBe(
    '8cc56a4daeb52980cfb83e0fe427950f2c9d8a86',
  );
  const shared = await stage.api.call('PUT', '/v1/shared-secret', { key });
  const { secret } = shared.json<{ secret: string }>();
  const client = await connect(secret, { usesSharedSecret: true, tenant: 'default' });
  expect(await client.subscriptions()).toEqual([]);
  await expect(connect(`${secret}x`, { usesSharedSecret: true })).rejects.toThrow(/^403 /);
  const old = {
    username: 'default',
    timestamp: '1700000000',
    hash: externalHash('1700000000', 'default', secret),
  };
  const replayed = await fetch(`${stage.origin}/api/accesstoken/acquire-external`, {
    method: 'POST',
    body: new URLSearchParams(old),
  });
  expect(replayed.status).toBe(403);
  await stage.api.call('DELETE', '/v1/shared-secret', { key });
  await expect(connect(secret, { usesSharedSecret: true })).rejects.toThrow(/^403 /);
});

test('after twenty failed logins an address has to wait', async () => {
  const answers: number[] = [];
  for (let tried = 0; tried < 21; tried += 1) {
    const body = new URLSearchParams({ username: 'default', password: 'wrong' });
    answers.push((await fetch(`${stage.origin}/api/accesstoken/login`, { method: 'POST', body })).status);
  }
  expect(answers.at(-1)).toBe(429);
});
