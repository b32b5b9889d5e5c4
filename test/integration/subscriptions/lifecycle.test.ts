import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { newId } from '#libs/kernel';
import { newSecret } from '#libs/signing';
import type { CallerRequest, NewSubscription, SubscriptionView } from '#libs/subscriptions';
import { Receiver } from '../../support/receiver.js';
import { MEMBER, type Platform, startPlatform } from './subscriptions-fixture.js';

let platform: Platform;
let receiver: Receiver;
const secret = newSecret();

beforeAll(async () => {
  platform = await startPlatform();
});
afterAll(() => platform.stop());

beforeEach(async () => {
  receiver = await Receiver.start({ secret });
});
afterEach(() => receiver.stop());

async function make(wish: Partial<NewSubscription> = {}): Promise<SubscriptionView> {
  const input = { url: receiver.url, eventTypes: ['*'], secret, ...wish };
  return (await platform.node.subscriptions.create(MEMBER, input)).subscription;
}

const of = ({ id }: { id: string }, ifMatch?: number): CallerRequest => ({
  ...MEMBER,
  id,
  ...(ifMatch === undefined ? {} : { ifMatch }),
});
const read = (owned: { id: string }): Promise<SubscriptionView> => platform.node.subscriptions.get(of(owned));

test('a pending subscription becomes active by its challenge alone', async () => {
  const { subscriptions } = platform.node;
  const pending = await make({ verify: 'later' });
  expect(pending).toMatchObject({ status: 'pending', statusReason: 'not_verified', verifiedAt: null });
  expect(receiver.requests).toHaveLength(0);
  await expect(subscriptions.resume(of(pending))).rejects.toMatchObject({ code: 'subscription_not_paused' });
  await expect(subscriptions.pause(of(pending))).rejects.toMatchObject({ code: 'subscription_not_active' });
  receiver.proof = 'wrong';
  await expect(subscriptions.verify(of(pending))).rejects.toMatchObject({ code: 'challenge_failed' });
  expect((await read(pending)).status).toBe('pending');
  receiver.proof = 'hmac';
  expect(await subscriptions.verify(of(pending))).toMatchObject({ status: 'active', statusReason: null });
});

test('a new URL is challenged first, and a failure leaves everything as it was', async () => {
  const other = await Receiver.start({ secret, proof: 'wrong' });
  const before = await make();
  const patch = { url: other.url, description: 'moved' };
  await expect(platform.node.subscriptions.patch(of(before), patch)).rejects.toMatchObject({
    code: 'challenge_failed',
  });
  expect(await read(before)).toEqual(before);
  other.proof = 'hmac';
  const after = await platform.node.subscriptions.patch(of(before), patch);
  expect(after).toMatchObject({ url: other.url, description: 'moved', version: before.version + 1 });
  expect(after.verifiedAt?.getTime()).toBeGreaterThan(before.verifiedAt?.getTime() ?? 0);
  await other.stop();
});

test('a new handshake is challenged, other settings are not', async () => {
  const before = await make();
  await platform.node.subscriptions.patch(of(before), {
    timeoutMs: 2_000,
    eventTypes: ['a.*', 'a.*'],
    maxInFlight: 3,
    rateLimitPerSecond: 10_000,
  });
  expect(receiver.requests).toHaveLength(1);
  expect(await read(before)).toMatchObject({
    timeoutMs: 2_000,
    eventTypes: ['a.*'],
    maxInFlight: 3,
    rateLimitPerSecond: 10_000,
  });
  await platform.node.subscriptions.patch(of(before), { handshake: 'echo' });
  expect(receiver.requests).toHaveLength(2);
});

test('what is null is taken away, and what is left out stays', async () => {
  const before = await make({
    description: 'd',
    retry: { scheduleSeconds: [1] },
    maxInFlight: 2,
    rateLimitPerSecond: 1,
    headers: { A: 'b' },
  });
  const after = await platform.node.subscriptions.patch(of(before), {
    description: null,
    retry: null,
    maxInFlight: null,
    rateLimitPerSecond: null,
  });
  const taken = { description: null, retry: null, maxInFlight: null, rateLimitPerSecond: null };
  expect(after).toMatchObject({ ...taken, headers: { A: 'b' } });
});

test('a change can be bound to the version that was read', async () => {
  const { subscriptions } = platform.node;
  const before = await make();
  const stale = of(before, before.version + 7);
  const changes = [
    () => subscriptions.patch(stale, { description: 'x' }),
    () => subscriptions.patch(stale, { url: `${receiver.url}/other` }),
    () => subscriptions.pause(stale),
    () => subscriptions.rotateSecret(stale),
    () => subscriptions.remove(stale),
  ];
  for (const change of changes) await expect(change()).rejects.toMatchObject({ code: 'precondition_failed' });
  expect(receiver.requests).toHaveLength(1);
  expect(await subscriptions.patch(of(before, before.version), { description: 'x' })).toMatchObject({
    description: 'x',
  });
});

test('of two changes bound to one version, one is made', async () => {
  const before = await make();
  const both = ['a', 'b'].map((description) =>
    platform.node.subscriptions
      .patch(of(before, before.version), { description })
      .catch((error: unknown) => error),
  );
  const outcomes = await Promise.all(both);
  expect(outcomes.filter((outcome) => outcome instanceof Error)).toMatchObject([
    { code: 'precondition_failed' },
  ]);
  expect((await read(before)).version).toBe(before.version + 1);
});

test('a change during a challenge wins over the challenged one, which stores nothing', async () => {
  const before = await make();
  receiver.proof = 'as-planned';
  receiver.behave({ delayMs: 300, status: 200 });
  const moving = platform.node.subscriptions.patch(of(before), {
    url: `${receiver.url}?moved`,
    handshake: 'ping',
  });
  const refused = expect(moving).rejects.toMatchObject({ code: 'subscription_changed' });
  await expect.poll(() => receiver.requests.length).toBe(2);
  await platform.node.subscriptions.patch(of(before), { description: 'first' });
  await refused;
  expect(await read(before)).toMatchObject({ url: before.url, handshake: 'hmac', description: 'first' });
});

test('a pause holds, a resume releases in the same transaction, and both may be repeated', async () => {
  const { subscriptions } = platform.node;
  const made = await make();
  for (let time = 0; time < 2; time += 1) expect((await subscriptions.pause(of(made))).status).toBe('paused');
  for (let time = 0; time < 2; time += 1)
    expect((await subscriptions.resume(of(made))).status).toBe('active');
});

test('a disabled subscription gets nothing until it is verified again', async () => {
  const { subscriptions, directory } = platform.node;
  const made = await make();
  await subscriptions.disable({ ...of(made), reason: 'gone' });
  expect(await read(made)).toMatchObject({ status: 'disabled', statusReason: 'gone' });
  await directory.refresh();
  expect(directory.target(made.id)).toBeUndefined();
  await subscriptions.disable({ ...of(made), reason: 'again' });
  expect((await read(made)).statusReason).toBe('gone');
  await expect(subscriptions.resume(of(made))).rejects.toMatchObject({ kind: 'conflict' });
  expect((await subscriptions.verify(of(made))).status).toBe('active');
});

test('a paused subscription that is verified stays paused', async () => {
  const made = await make();
  await platform.node.subscriptions.pause(of(made));
  expect((await platform.node.subscriptions.verify(of(made))).status).toBe('paused');
});

test('a removed subscription is gone with its secrets', async () => {
  const { subscriptions, database } = platform.node;
  const made = await make();
  await subscriptions.remove(of(made));
  expect(
    await database.query('SELECT 1 FROM subscription_secret WHERE subscription_id = $1', [made.id]),
  ).toEqual([]);
  await expect(read(made)).rejects.toMatchObject({ kind: 'not_found', code: 'subscription_not_found' });
  await expect(subscriptions.remove(of(made))).rejects.toMatchObject({ code: 'subscription_not_found' });
});

test('nothing of another tenant is found', async () => {
  const { subscriptions } = platform.node;
  const made = await make();
  const stranger = { ...(await platform.newTenant()), id: made.id };
  const tries = [
    () => subscriptions.get(stranger),
    () => subscriptions.patch(stranger, { description: 'mine' }),
    () => subscriptions.patch(stranger, { url: `${receiver.url}/mine` }),
    () => subscriptions.verify(stranger),
    () => subscriptions.rotateSecret(stranger),
    () => subscriptions.pause(stranger),
    () => subscriptions.resume(stranger),
    () => subscriptions.disable({ ...stranger, reason: 'x' }),
    () => subscriptions.remove(stranger),
    () => subscriptions.get({ ...MEMBER, id: newId() }),
  ];
  for (const attempt of tries)
    await expect(attempt()).rejects.toMatchObject({ code: 'subscription_not_found' });
  expect((await subscriptions.list({ tenantId: stranger.tenantId, limit: 10 })).data).toEqual([]);
  expect(await read(made)).toEqual(made);
  expect(receiver.requests).toHaveLength(1);
});

test('subscriptions are listed page by page, without secrets', async () => {
  const { subscriptions } = platform.node;
  const tenant = await platform.newTenant();
  for (const description of ['a', 'b', 'c']) {
    await subscriptions.create(tenant, {
      url: receiver.url,
      eventTypes: ['*'],
      verify: 'later',
      description,
    });
  }
  const first = await subscriptions.list({ tenantId: tenant.tenantId, limit: 2 });
  const rest = await subscriptions.list({
    tenantId: tenant.tenantId,
    limit: 2,
    cursor: first.nextCursor ?? '',
  });
  expect([...first.data, ...rest.data].map(({ description }) => description)).toEqual(['a', 'b', 'c']);
  expect(rest.nextCursor).toBeNull();
  expect(first.data[0]?.secrets).toMatchObject([
    { lastFour: expect.stringMatching(/^.{4}$/), validUntil: null },
  ]);
  expect(JSON.stringify(first)).not.toContain('whsec_');
});
