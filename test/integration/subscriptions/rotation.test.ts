import { afterAll, beforeAll, expect, test } from 'vitest';
import { newSecret, parseSecret } from '#libs/signing';
import type { NewSubscription, SubscriptionView } from '#libs/subscriptions';
import { Receiver } from '../../support/receiver.js';
import { MEMBER, type Platform, startPlatform } from './subscriptions-fixture.js';

let platform: Platform;
let receiver: Receiver;
const secret = newSecret();

beforeAll(async () => {
  platform = await startPlatform();
  receiver = await Receiver.start({ secret });
});
afterAll(async () => {
  await receiver.stop();
  await platform.stop();
});

async function make(wish: Partial<NewSubscription> = {}): Promise<SubscriptionView> {
  const input = { url: receiver.url, eventTypes: ['*'], secret, ...wish };
  return (await platform.node.subscriptions.create(MEMBER, input)).subscription;
}

const of = ({ id }: { id: string }) => ({ ...MEMBER, id });
const read = (owned: { id: string }): Promise<SubscriptionView> => platform.node.subscriptions.get(of(owned));

test('after a rotation both secrets sign, newest first, until the overlap ends', async () => {
  const { subscriptions, directory } = platform.node;
  const made = await make();
  const { secret: fresh, subscription } = await subscriptions.rotateSecret({
    ...of(made),
    overlapSeconds: 60,
  });
  expect(subscription.secrets.map(({ lastFour }) => lastFour)).toEqual([fresh.slice(-4), secret.slice(-4)]);
  await directory.refresh();
  const keys = (seconds: number): string[] =>
    (directory.target(made.id)?.keys(new Date(Date.now() + seconds * 1000)) ?? []).map((key) =>
      key.toString('hex'),
    );
  const [newest, oldest] = [parseSecret(fresh), parseSecret(secret)].map((key) => key.toString('hex'));
  expect(keys(0)).toEqual([newest, oldest]);
  expect(keys(61)).toEqual([newest]);
});

test('a rotation without overlap ends the old secret at once; the new one may be the caller’s', async () => {
  const { subscriptions, directory, database } = platform.node;
  const made = await make();
  const wanted = newSecret();
  const { secret: fresh } = await subscriptions.rotateSecret({
    ...of(made),
    overlapSeconds: 0,
    secret: wanted,
  });
  expect(fresh).toBe(wanted);
  await directory.refresh();
  expect(directory.target(made.id)?.keys(new Date())).toEqual([parseSecret(wanted)]);
  expect(
    await database.query('SELECT 1 FROM subscription_secret WHERE subscription_id = $1', [made.id]),
  ).toHaveLength(1);
});

test('however often a secret is rotated, few sign', async () => {
  const made = await make();
  for (let time = 0; time < 6; time += 1) await platform.node.subscriptions.rotateSecret(of(made));
  expect((await read(made)).secrets).toHaveLength(4);
});

test.each([-1, 604_801, 1.5, Number.NaN])('an overlap of %s seconds is refused', async (overlapSeconds) => {
  const made = await make({ verify: 'later' });
  const rotation = platform.node.subscriptions.rotateSecret({ ...of(made), overlapSeconds });
  await expect(rotation).rejects.toMatchObject({ errors: [{ field: 'overlapSeconds' }] });
});

test('during the overlap a challenge may be answered with either secret', async () => {
  const { subscriptions } = platform.node;
  const made = await make();
  const { secret: fresh } = await subscriptions.rotateSecret(of(made));
  expect((await subscriptions.verify(of(made))).status).toBe('active');
  receiver.secret = fresh;
  expect((await subscriptions.verify(of(made))).status).toBe('active');
  receiver.secret = newSecret();
  await expect(subscriptions.verify(of(made))).rejects.toMatchObject({ code: 'challenge_failed' });
  expect((await read(made)).status).toBe('active');
  receiver.secret = secret;
});

test('a secret that is no secret is refused, and the one before stays', async () => {
  const made = await make();
  const rotation = platform.node.subscriptions.rotateSecret({ ...of(made), secret: 'whsec_short' });
  await expect(rotation).rejects.toMatchObject({ code: 'invalid_secret' });
  expect(await read(made)).toEqual(made);
});
