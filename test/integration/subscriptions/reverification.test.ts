import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { ID_PREFIX, toTypeId } from '#libs/kernel';
import { newSecret } from '#libs/signing';
import {
  ChallengeLog,
  type NewSubscription,
  Reverification,
  type SubscriptionView,
} from '#libs/subscriptions';
import { FlaskPreservicaDouble } from '../../support/doubles/flask-preservica.double.js';
import { PreservicaDouble } from '../../support/doubles/preservica.double.js';
import { Receiver } from '../../support/receiver.js';
import { MEMBER, type Platform, startPlatform, type SubscriptionsNode } from './subscriptions-fixture.js';

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
afterEach(async () => {
  await receiver.stop();
  await platform.node.database.query('DELETE FROM subscription_secret');
  await platform.node.database.query('DELETE FROM subscription');
});

const subscribe = async (wish: Partial<NewSubscription> = {}): Promise<SubscriptionView> => {
  const input = { url: receiver.url, eventTypes: ['*'], secret, ...wish };
  return (await platform.node.subscriptions.create(MEMBER, input)).subscription;
};
const view = (id: string): Promise<SubscriptionView> =>
  platform.node.subscriptions.get({ tenantId: MEMBER.tenantId, id });
const verifyDue = (node: SubscriptionsNode = platform.node): Promise<number> =>
  node.app.get(Reverification, { strict: false }).verifyDue();

/** As if its last proof, and its last failure, were so many hours ago. */
const age = (id: string, hours: number): Promise<unknown> =>
  platform.node.database.query(
    `UPDATE subscription SET verified_at = now() - make_interval(hours => $2), reverify_after = NULL WHERE id = $1`,
    [id, hours],
  );

/** What the platform wrote down of its own changes. */
async function notesOf(id: string): Promise<string[]> {
  const rows = await platform.node.database.query<{ note: string }>(
    `SELECT operation || ': ' || reason AS note FROM audit_log WHERE path = $1 AND actor_key_id IS NULL AND outcome = 'done'`,
    [`/v1/subscriptions/${toTypeId(ID_PREFIX.subscription, id)}`],
  );
  return rows.map(({ note }) => note);
}

async function failThreeTimes(id: string, node?: SubscriptionsNode): Promise<void> {
  receiver.proof = 'wrong';
  for (const failures of [1, 2, 3]) {
    await age(id, 48);
    await verifyDue(node);
    expect((await view(id)).verificationFailures).toBe(failures);
  }
}

test('a receiver is asked again when its last proof is older than its subscription allows', async () => {
  const { id } = await subscribe({ reverifyEveryHours: 24 });
  expect(await verifyDue()).toBe(0);
  await age(id, 25);
  expect(await verifyDue()).toBe(1);
  expect(receiver.requests).toHaveLength(2);
  expect((await view(id)).verifiedAt?.getTime()).toBeGreaterThan(Date.now() - 60_000);
  expect(await verifyDue()).toBe(0);
  const { data } = await platform.node.app
    .get(ChallengeLog, { strict: false })
    .list({ tenantId: MEMBER.tenantId, id, limit: 10 });
  expect(data.map(({ purpose, outcome }) => [purpose, outcome])).toEqual([
    ['reverification', 'passed'],
    ['consent', 'passed'],
  ]);
});

test('by default nobody is asked again; the platform may say otherwise, and a subscription may say never', async () => {
  const [usual, never] = [await subscribe(), await subscribe({ reverifyEveryHours: 0 })];
  await age(usual.id, 48);
  await age(never.id, 48);
  expect(await verifyDue()).toBe(0);
  expect(await verifyDue(await platform.join({ BELLHOP_REVERIFY_EVERY_HOURS: '24' }))).toBe(1);
});

test('a failure is counted and shown, and the next success forgets it', async () => {
  const { id } = await subscribe({ reverifyEveryHours: 24 });
  receiver.proof = 'wrong';
  await age(id, 25);
  await verifyDue();
  expect(await view(id)).toMatchObject({ status: 'active', verificationFailures: 1 });
  expect(await verifyDue()).toBe(0);
  receiver.proof = 'hmac';
  await age(id, 25);
  await verifyDue();
  expect(await view(id)).toMatchObject({ status: 'active', verificationFailures: 0 });
});

test('the third failure in a row disables the subscription, and says why', async () => {
  const { id } = await subscribe({ reverifyEveryHours: 24 });
  await failThreeTimes(id);
  expect(await view(id)).toMatchObject({ status: 'disabled', statusReason: 'reverification_failed' });
  expect(await notesOf(id)).toEqual(['disableSubscription: reverification_failed']);
});

test.each([
  [
    'pause',
    { status: 'paused', statusReason: 'reverification_failed' },
    ['pauseSubscription: reverification_failed'],
  ],
  ['notice', { status: 'active', statusReason: null }, []],
])('with the policy %s it is %j after that, and %j is written down', async (policy, expected, notes) => {
  const { id } = await subscribe({ reverifyEveryHours: 24 });
  await failThreeTimes(id, await platform.join({ BELLHOP_REVERIFY_FAILED: policy }));
  expect(await view(id)).toMatchObject(expected);
  expect(await notesOf(id)).toEqual(notes);
  receiver.proof = 'hmac';
  const verified = await platform.node.subscriptions.verify({ ...MEMBER, id });
  expect(verified).toMatchObject({ status: 'active', verificationFailures: 0 });
});

test('two processes do not ask the same receiver twice', async () => {
  const { id } = await subscribe({ reverifyEveryHours: 24 });
  await age(id, 25);
  const other = await platform.join();
  await Promise.all([verifyDue(), verifyDue(other)]);
  expect(receiver.requests).toHaveLength(2);
});

const probe = (id: string): Promise<SubscriptionView> => platform.node.subscriptions.probe({ ...MEMBER, id });

test('a receiver that refuses a wrong signature verifies; one that takes everything does not', async () => {
  const { id } = await subscribe();
  expect((await view(id)).verifiesSignatures).toBeNull();
  receiver.behave(200, 401);
  expect((await probe(id)).verifiesSignatures).toBe('yes');
  expect(receiver.deliveries.map(({ isVerified }) => isVerified)).toEqual([true, false]);
  receiver.behave(200);
  expect((await probe(id)).verifiesSignatures).toBe('no');
});

test('a receiver that refuses both, or fails, tells nothing', async () => {
  const { id } = await subscribe();
  receiver.behave(401);
  expect((await probe(id)).verifiesSignatures).toBe('unknown');
  receiver.behave(200, 500);
  expect((await probe(id)).verifiesSignatures).toBe('unknown');
});

test('a new URL makes what a probe found void, and only an active subscription is probed', async () => {
  const { id } = await subscribe();
  receiver.behave(200, 401);
  await probe(id);
  const other = await Receiver.start({ secret });
  const moved = await platform.node.subscriptions.patch({ ...MEMBER, id }, { url: other.url });
  expect(moved.verifiesSignatures).toBeNull();
  await other.stop();
  await platform.node.subscriptions.disable({ tenantId: MEMBER.tenantId, id, reason: 'gone' });
  await expect(probe(id)).rejects.toMatchObject({ code: 'subscription_not_active' });
});

test('a Flask handler that answers 200 to everything is found out', async () => {
  const double = await FlaskPreservicaDouble.start('my secret key!');
  const profileConfig = { trigger: 'FULL_TEXT_INDEXED' };
  const wish = { url: double.url, profile: 'preservica', profileConfig, secret: 'my secret key!' };
  const { id } = await subscribe(wish);
  expect((await probe(id)).verifiesSignatures).toBe('no');
  expect(double.events).toHaveLength(1);
  await double.stop();
});

test('the handler of the Preservica SDK, which closes without a word, is found to verify', async () => {
  const double = await PreservicaDouble.start({ secret: 'my secret key!' });
  const profileConfig = { trigger: 'FULL_TEXT_INDEXED' };
  const wish = { url: double.url, profile: 'preservica', profileConfig, secret: 'my secret key!' };
  const { id } = await subscribe(wish);
  expect((await probe(id)).verifiesSignatures).toBe('yes');
  expect(double.events).toHaveLength(1);
  await double.stop();
});

test('the log of challenges keeps what was said, without what is secret', async () => {
  const { id } = await subscribe({ headers: { 'x-team-key': 'canary-of-the-owner' } });
  receiver.behave(200, 401);
  await probe(id);
  const { data } = await platform.node.app
    .get(ChallengeLog, { strict: false })
    .list({ tenantId: MEMBER.tenantId, id, limit: 10 });
  const [probed, consented] = data;
  expect(probed).toMatchObject({ purpose: 'probe', outcome: 'passed' });
  expect(probed?.transcript.map(({ response }) => response?.status)).toEqual([200, 401]);
  expect(consented?.transcript[0]?.request).toMatchObject({ method: 'POST', url: receiver.url });
  expect(consented?.transcript[0]?.response).toMatchObject({ status: 200 });
  const text = JSON.stringify(data);
  expect(text).not.toContain('canary-of-the-owner');
  expect(text).not.toContain(secret.slice('whsec_'.length));
});

test('what a URL answered that proved nothing is not shown', async () => {
  receiver.proof = 'as-planned';
  receiver.behave({ status: 200, body: 'canary of another page' });
  await expect(subscribe()).rejects.toMatchObject({ code: 'challenge_failed' });
  const [row] = await platform.node.database.query<{ transcript: string }>(
    'SELECT transcript::text AS transcript FROM challenge WHERE url = $1',
    [receiver.url],
  );
  expect(row?.transcript).toContain('"bodyBytes": 22');
  expect(row?.transcript).not.toContain('canary');
});
