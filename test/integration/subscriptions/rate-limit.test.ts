import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '#libs/kernel';
import { type Caller, Hub, type NewSubscription, Topics } from '#libs/subscriptions';
import { eventually } from '../../support/eventually.js';
import { Receiver } from '../../support/receiver.js';
import { MEMBER, type Platform, type SubscriptionsNode, startPlatform } from './subscriptions-fixture.js';

let platform: Platform;
let other: SubscriptionsNode;
let receiver: Receiver;

beforeAll(async () => {
  platform = await startPlatform();
  other = await platform.join();
  receiver = await Receiver.start({ proof: 'echo' });
});
afterAll(async () => {
  await receiver.stop();
  await platform.stop();
});

/** No such host exists for the tests' name server, so each challenge fails without leaving this machine. */
const hostUrl = (host: string): string => `http://${host}.example.com/`;

async function attempt(
  caller: Caller,
  url: string,
  node = platform.node,
): Promise<{ code: string; retryAfterSeconds?: number }> {
  const wish: NewSubscription = { url, eventTypes: ['*'] };
  const refusal: unknown = await node.subscriptions.create(caller, wish).catch((error: unknown) => error);
  return refusal as { code: string; retryAfterSeconds?: number };
}

async function challengesBefore(row: {
  keyId?: string;
  host?: string;
  count: number;
  ageSeconds: number;
}): Promise<void> {
  await platform.node.database.query(
    `INSERT INTO challenge (id, tenant_id, subscription_id, api_key_id, url, target_host, handshake, outcome, steps, started_at)
     SELECT gen_random_uuid(), $1, gen_random_uuid(), $2, 'http://x/', $3, 'echo', 'failed', '[]', now() - make_interval(secs => $4)
     FROM generate_series(1, $5)`,
    [MEMBER.tenantId, row.keyId ?? null, row.host ?? newId(), row.ageSeconds, row.count],
  );
}

test('one key makes five challenges a minute, counted over all processes', async () => {
  const caller = { ...MEMBER, keyId: newId() };
  const nodes = [platform.node, other, platform.node, other, platform.node, other, platform.node];
  const outcomes = await Promise.all(nodes.map((node, at) => attempt(caller, hostUrl(`k${at}`), node)));
  const codes = outcomes.map(({ code }) => code).toSorted();
  expect(codes).toEqual([
    ...Array<string>(2).fill('challenge_rate_limited'),
    ...Array<string>(5).fill('url_not_allowed'),
  ]);
  const { retryAfterSeconds } = outcomes.find(({ code }) => code === 'challenge_rate_limited') ?? {};
  expect(retryAfterSeconds).toBeGreaterThan(50);
  expect(retryAfterSeconds).toBeLessThanOrEqual(60);
  expect(await attempt({ ...MEMBER, keyId: newId() }, hostUrl('k9'))).toMatchObject({
    code: 'url_not_allowed',
  });
});

test('a minute later the key may ask again', async () => {
  const caller = { ...MEMBER, keyId: newId() };
  await challengesBefore({ keyId: caller.keyId, count: 5, ageSeconds: 61 });
  expect(await attempt(caller, hostUrl('later'))).toMatchObject({ code: 'url_not_allowed' });
  const waiting = { ...MEMBER, keyId: newId() };
  await challengesBefore({ keyId: waiting.keyId, count: 5, ageSeconds: 40 });
  expect(await attempt(waiting, hostUrl('soon'))).toMatchObject({
    code: 'challenge_rate_limited',
    retryAfterSeconds: expect.closeTo(20, -1) as number,
  });
});

test('one host is challenged twenty times an hour, whoever asks', async () => {
  const url = hostUrl('crowded');
  await challengesBefore({ host: new URL(url).hostname, count: 20, ageSeconds: 1_800 });
  expect(await attempt({ ...MEMBER, keyId: newId() }, url)).toMatchObject({
    kind: 'rate_limited',
    code: 'challenge_rate_limited',
  });
  expect(await attempt(MEMBER, url.replace('crowded', 'quiet'))).toMatchObject({ code: 'url_not_allowed' });
});

test('a receiver on one’s own machine may be tried at will outside production', async () => {
  const caller = { ...MEMBER, keyId: newId() };
  for (let time = 0; time < 7; time += 1) {
    expect(await attempt(caller, receiver.url)).toMatchObject({ subscription: { status: 'active' } });
  }
});

test('the hub asks a host as seldom, and tells its callers at once', async () => {
  const { app, database } = platform.node;
  const topic = await app.get(Topics, { strict: false }).create(MEMBER, { eventTypes: ['*'] });
  const place = { topic, spelt: 'http://x/t', url: 'http://x/t', hubUrl: 'http://x/hub' };
  const wish = { callback: hostUrl('hub'), leaseSeconds: null, secret: null };
  const hub = app.get(Hub, { strict: false });
  await challengesBefore({ host: 'hub.example.com', count: 19, ageSeconds: 60 });
  await hub.subscribe(place, wish);
  await expect(hub.subscribe(place, wish)).rejects.toMatchObject({ code: 'challenge_rate_limited' });
  const outcomeOf = `SELECT outcome FROM challenge WHERE url = $1`;
  await eventually(async () =>
    expect(await database.query(outcomeOf, [wish.callback])).toEqual([{ outcome: 'refused' }]),
  );
  await app.get(Topics, { strict: false }).remove({ ...MEMBER, id: topic.id });
});
