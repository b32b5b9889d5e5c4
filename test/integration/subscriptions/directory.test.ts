import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BellhopEvent } from '#libs/events';
import { DEFAULT_TENANT_ID, newId } from '#libs/kernel';
import { newSecret, parseSecret } from '#libs/signing';
import type { Caller, NewSubscription, SubscriptionView } from '#libs/subscriptions';
import { eventually } from '../../support/eventually.js';
import { TEST_KEYRING } from '../../support/test-config.js';
import { MEMBER, type Platform, type SubscriptionsNode, startPlatform } from './subscriptions-fixture.js';

let platform: Platform;
let other: SubscriptionsNode;
const secret = newSecret();

beforeAll(async () => {
  platform = await startPlatform();
  other = await platform.join();
});
afterAll(() => platform.stop());

/** Stored as active without anybody to ask. */
async function make(wish: Partial<NewSubscription> = {}, caller: Caller = MEMBER): Promise<SubscriptionView> {
  const input: NewSubscription = {
    url: 'http://127.0.0.1:9/',
    eventTypes: ['*'],
    secret,
    verify: 'later',
    ...wish,
  };
  const { subscription } = await platform.node.subscriptions.create(caller, input);
  await platform.node.database.query(`UPDATE subscription SET status = 'active' WHERE id = $1`, [
    subscription.id,
  ]);
  return subscription;
}

const eventOf = (type: string, tenantId = DEFAULT_TENANT_ID): BellhopEvent => ({
  id: newId(),
  tenantId,
  type,
  subject: null,
  timestamp: new Date(),
  data: Buffer.from('{}'),
});
const wanting = (node: SubscriptionsNode, ...event: Parameters<typeof eventOf>): string[] =>
  node.directory.wanting(eventOf(...event)).map(({ id }) => id);

test('a subscription is found by its patterns in every process, soon after it was made', async () => {
  const made = await make({ eventTypes: ['guestbook.entry.created', 'shop.*'] });
  for (const node of [platform.node, other]) {
    await eventually(() => expect(wanting(node, 'shop.order.paid')).toContain(made.id), {
      timeoutMs: 2_000,
    });
    expect(wanting(node, 'guestbook.entry.created')).toContain(made.id);
    expect(wanting(node, 'guestbook.entry.deleted')).not.toContain(made.id);
  }
});

test('a target carries what a delivery needs', async () => {
  const wish = {
    headers: { 'X-A': 'b' },
    timeoutMs: 3_000,
    maxInFlight: 4,
    rateLimitPerSecond: 25,
    retry: { scheduleSeconds: [1, 2] },
  };
  const made = await make(wish);
  await platform.node.directory.refresh();
  const target = platform.node.directory.target(made.id);
  expect(target).toMatchObject({
    ...wish,
    url: made.url,
    status: 'active',
    dialect: { profile: 'standard' },
    patterns: ['*'],
  });
  expect(target).toMatchObject({ tenantId: DEFAULT_TENANT_ID, keysUnavailable: false });
  expect(target?.keys(new Date())).toEqual([parseSecret(secret)]);
});

test('after a refresh the version is the database’s, and what was committed before is there', async () => {
  const { directory, database } = platform.node;
  const made = await make();
  await directory.refresh();
  const [row] = await database.query<{ version: string }>('SELECT version::text FROM directory_version');
  expect(directory.version).toBe(row?.version);
  expect(directory.target(made.id)).toBeDefined();
});

test('pending, disabled and removed subscriptions match nothing, paused ones say that they are', async () => {
  const { directory, subscriptions } = platform.node;
  const { id } = await make();
  const request = { ...MEMBER, id };
  await subscriptions.pause(request);
  await directory.refresh();
  expect(directory.target(id)?.status).toBe('paused');
  expect(wanting(platform.node, 'a.b')).toContain(id);
  await subscriptions.remove(request);
  await directory.refresh();
  expect(wanting(platform.node, 'a.b')).not.toContain(id);
});

test('tenants do not see each other’s events', async () => {
  const stranger = await platform.newTenant();
  const made = await make({}, stranger);
  await platform.node.directory.refresh();
  expect(wanting(platform.node, 'a.b')).not.toContain(made.id);
  expect(wanting(platform.node, 'a.b', stranger.tenantId)).toEqual([made.id]);
  expect(wanting(platform.node, 'a.b', newId())).toEqual([]);
});

test('secrets are unreadable at rest, each time differently', async () => {
  const ids = [(await make()).id, (await make()).id];
  const rows = await platform.node.database.query<{ ciphertext: Buffer; row: string }>(
    'SELECT ciphertext, s::text AS row FROM subscription_secret s WHERE subscription_id = ANY($1)',
    [ids],
  );
  expect(new Set(rows.map(({ ciphertext }) => ciphertext.toString('hex'))).size).toBe(2);
  for (const { ciphertext, row } of rows) {
    expect(ciphertext.includes(secret.slice(6))).toBe(false);
    expect(row).not.toContain(Buffer.from(secret).toString('hex'));
  }
});

test('a secret that was moved to another subscription does not open, and the others still do', async () => {
  const [moved, healthy] = [await make(), await make()];
  await platform.node.database.query(
    `UPDATE subscription_secret SET id = $3, ciphertext = (SELECT ciphertext FROM subscription_secret WHERE subscription_id = $2)
     WHERE subscription_id = $1`,
    [moved.id, healthy.id, newId()],
  );
  await platform.node.directory.refresh();
  const target = platform.node.directory.target(moved.id);
  expect(target?.keysUnavailable).toBe(true);
  expect(target?.keys(new Date())).toEqual([]);
  expect(platform.node.directory.target(healthy.id)?.keysUnavailable).toBe(false);
});

test('with a new first key old secrets are read and new ones use it; without the old key they are flagged', async () => {
  const fresh = `fresh:${randomBytes(32).toString('base64')}`;
  const old = await make();
  const rotated = await platform.join({ BELLHOP_SECRET_KEYS: `${fresh},${TEST_KEYRING}` });
  const input: NewSubscription = { url: 'http://127.0.0.1:9/', eventTypes: ['*'], verify: 'later' };
  const { subscription } = await rotated.subscriptions.create(MEMBER, input);
  await platform.node.database.query(`UPDATE subscription SET status = 'active' WHERE id = $1`, [
    subscription.id,
  ]);
  await rotated.directory.refresh();
  expect(rotated.directory.target(old.id)?.keys(new Date())).toEqual([parseSecret(secret)]);
  expect(rotated.directory.target(subscription.id)?.keys(new Date())).toHaveLength(1);
  const bare = await platform.join({ BELLHOP_SECRET_KEYS: fresh });
  expect(bare.directory.target(old.id)?.keysUnavailable).toBe(true);
  expect(bare.directory.target(subscription.id)?.keysUnavailable).toBe(false);
  const verification = bare.subscriptions.verify({ ...MEMBER, id: old.id });
  await expect(verification).rejects.toMatchObject({ kind: 'unavailable', code: 'signing_key_unavailable' });
});

test('event types are known per tenant, and their schemas check data', async () => {
  const { directory, eventTypes } = platform.node;
  const named = { tenantId: DEFAULT_TENANT_ID, name: 'shop.order.paid' };
  await eventTypes.create(named, { schema: { required: ['id'] } });
  await directory.refresh();
  expect(directory.knowsEventType(named.tenantId, named.name)).toBe(true);
  expect(directory.knowsEventType(newId(), named.name)).toBe(false);
  expect(directory.schemaOf(named.tenantId, named.name)?.({ id: 1 })).toEqual([]);
  expect(directory.schemaOf(named.tenantId, named.name)?.({})).toHaveLength(1);
  expect(directory.schemaOf(named.tenantId, 'guestbook.entry.created')).toBeUndefined();
  await eventTypes.archive(named);
  await directory.refresh();
  expect(directory.knowsEventType(named.tenantId, named.name)).toBe(false);
});

test('ten thousand subscriptions are loaded in a moment and matched in microseconds', async () => {
  const tenant = await platform.newTenant();
  await platform.node.database.query(
    `INSERT INTO subscription (id, tenant_id, url, event_types, handshake, status)
     SELECT gen_random_uuid(), $1, 'https://example.com/' || n, ARRAY['area' || (n % 1000) || '.*'], 'echo', 'active'
     FROM generate_series(1, 10000) n`,
    [tenant.tenantId],
  );
  await platform.node.directory.refresh();
  expect(wanting(platform.node, 'area7.thing.happened', tenant.tenantId)).toHaveLength(10);
  const event = eventOf('area7.thing.happened', tenant.tenantId);
  const startedAt = performance.now();
  for (let time = 0; time < 10_000; time += 1) platform.node.directory.wanting(event);
  expect((performance.now() - startedAt) / 10_000).toBeLessThan(0.02);
});
