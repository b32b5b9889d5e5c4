import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type DeliveryDetail, EventFeed, Feeder } from '#libs/deliveries';
import { DEFAULT_TENANT_ID } from '#libs/kernel';
import { MetricsRegistry } from '#libs/observability';
import { SubscriptionDirectory, SubscriptionsService } from '#libs/subscriptions';
import { eventually } from '../../support/eventually.js';
import { OPERATOR, subscribe } from '../profiles/spoken.js';
import { AccountReceiver, APP_ID } from './account-receiver.js';
import { Engine } from './engine.js';

let engine: Engine;
let receiver: AccountReceiver;
beforeEach(async () => {
  [engine, receiver] = await Promise.all([Engine.start(), AccountReceiver.start()]);
});
afterEach(async () => {
  receiver.release();
  await engine.stop();
  await receiver.stop();
});

const subscribeAccount = (account: string, more: { signers?: ['standard'] } = {}): Promise<string> =>
  subscribe(engine, {
    profile: 'kloudless',
    profileConfig: { appId: APP_ID, account },
    url: receiver.url,
    scheduleSeconds: [0, 0, 0],
    timeoutMs: 15_000,
    ...more,
  });

const publish = (count: number): Promise<string[]> =>
  Promise.all(Array.from({ length: count }, async (_, n) => (await engine.publish({ data: { n } })).id));

async function metric(name: string): Promise<number> {
  const text = await engine.app.get(MetricsRegistry).text();
  return Number(new RegExp(`^${name} (.+)$`, 'm').exec(text)?.[1] ?? Number.NaN);
}

/** Publishes while a notification of one event waits for its answer, until all others wait for their turn. */
async function publishBehindOne(count: number, accounts = 1): Promise<string[]> {
  receiver.hold();
  const first = await publish(1);
  await receiver.receives(accounts);
  const others = await publish(count);
  await eventually(async () => expect(await metric('bellhop_deliveries_waiting')).toBe(count * accounts));
  return [...first, ...others];
}

const delivered = (events: readonly string[]): Promise<DeliveryDetail[]> =>
  Promise.all(events.map((id) => engine.settled(id, 'delivered')));

const carriedBys = (deliveries: readonly DeliveryDetail[], attempt = 0): (string | null | undefined)[] =>
  deliveries.map(({ attempts }) => attempts[attempt]?.carriedBy);

test('a hundred events of an account with a notification in flight are told of in one more', async () => {
  await subscribeAccount('593652');
  const events = await publishBehindOne(100);
  receiver.release();
  const [first, ...others] = await delivered(events);
  expect(receiver.notifications).toEqual(['account=593652', 'account=593652']);
  expect(first?.attempts).toMatchObject([{ carriedBy: null }]);
  const carriers = others.filter(({ attempts }) => attempts[0]?.carriedBy === null);
  expect(carriers).toHaveLength(1);
  const expected = others.map(({ id }) => (id === carriers[0]?.id ? null : carriers[0]?.id));
  expect(carriedBys(others)).toEqual(expected);
  expect(others.every(({ attempts }) => attempts.length === 1 && attempts[0]?.responseStatus === 200)).toBe(
    true,
  );
  expect(carriers[0]?.attempts[0]?.responseBody).toBe(APP_ID);
  expect(await metric('bellhop_attempts_carried_total')).toBe(99);
  expect(await metric('bellhop_delivery_attempt_seconds_count')).toBe(2);
});

test('no request stands for deliveries of two accounts', async () => {
  const [one, other] = [await subscribeAccount('1'), await subscribeAccount('2')];
  expect(one).not.toBe(other);
  const events = await publishBehindOne(20, 2);
  receiver.release();
  await eventually(async () => expect(await deliveriesIn('delivered')).toBe(42));
  expect(receiver.notifications.toSorted()).toEqual(['account=1', 'account=1', 'account=2', 'account=2']);
  const all = (await Promise.all(events.map((id) => engine.deliveriesOf(id)))).flat();
  const subscriptionOf = new Map(all.map(({ id, subscriptionId }) => [id, subscriptionId]));
  for (const { subscriptionId, attempts } of all) {
    const carrier = attempts[0]?.carriedBy;
    if (carrier) expect(subscriptionOf.get(carrier)).toBe(subscriptionId);
  }
});

test('what was accepted for one account is told of as that when the subscription names another', async () => {
  const id = await subscribeAccount('1');
  const events = await publishBehindOne(2);
  const profileConfig = { appId: APP_ID, account: '2' };
  await engine.app.get(SubscriptionsService).patch({ ...OPERATOR, id }, { profileConfig });
  await engine.app.get(SubscriptionDirectory).refresh();
  events.push(...(await publish(1)));
  await eventually(async () => expect(await metric('bellhop_deliveries_waiting')).toBe(3));
  receiver.release();
  await delivered(events);
  expect(receiver.notifications).toEqual(['account=1', 'account=1', 'account=2']);
});

test('when the request fails, each that it stood for is tried again, and the receiver has failed once', async () => {
  await subscribeAccount('593652');
  const events = await publishBehindOne(20);
  receiver.answer(200, 500, 200);
  receiver.release();
  const [, ...others] = await delivered(events);
  for (const { attempts } of others) {
    expect(attempts.map(({ errorType }) => errorType)).toEqual(['status_5xx', null]);
  }
  expect(carriedBys(others).filter((carrier) => carrier === null)).toHaveLength(1);
  expect(await engine.db.query('SELECT FROM subscription_gate WHERE open_until IS NOT NULL')).toEqual([]);
});

test('a receiver that takes no more ends each delivery that the request stood for', async () => {
  await subscribeAccount('593652');
  const [, ...others] = await publishBehindOne(5);
  receiver.answer(200, 410);
  receiver.release();
  const ended = await Promise.all(others.map((id) => engine.settled(id, 'exhausted')));
  expect(new Set(ended.map(({ reason }) => reason))).toEqual(new Set(['gone_disabled']));
});

test('whoever fetches with every notification has each event when all are delivered', async () => {
  await subscribeAccount('593652');
  const feed = engine.app.get(EventFeed);
  const fetched: string[] = [];
  let cursor = await feed.latest(DEFAULT_TENANT_ID);
  let fetching: Promise<void> = Promise.resolve();
  const fetchAll = async (): Promise<void> => {
    const page = await feed.page({ tenantId: DEFAULT_TENANT_ID, limit: 1000, cursor });
    ({ cursor } = page);
    fetched.push(...page.events.map(({ id }) => id));
  };
  receiver.beforeAnswer = () => (fetching = fetching.then(fetchAll));
  const events: string[] = [];
  for (let wave = 0; wave < 15; wave += 1) events.push(...(await publish(10)));
  await delivered(events);
  expect(fetched.toSorted()).toEqual(events.toSorted());
  expect(receiver.notifications.length).toBeLessThan(150);
});

test('what a process took with it when it died, another tells of when the lease is over', async () => {
  await subscribeAccount('593652');
  const other = await Engine.start({ ...engine.database, drop: async () => undefined });
  const revive = silence(engine);
  try {
    await engine.app.get(Feeder).stop();
    const events = await publishBehindOne(20);
    receiver.release();
    // Its last request stood for twenty, and no outcome was ever recorded.
    await receiver.receives(2);
    await engine.db.query('UPDATE delivery SET lease_until = now()');
    await engine.db.query('UPDATE delivery_lease SET lease_until = now()');
    const deliveries = await Promise.all(events.map((id) => other.settled(id, 'delivered')));
    expect(
      deliveries.every(({ attemptCount, attempts }) => attemptCount === 1 && attempts.length === 1),
    ).toBe(true);
  } finally {
    revive();
    await other.stop();
  }
});

test('with a signature over the id of the event each has a request of its own', async () => {
  await subscribeAccount('593652', { signers: ['standard'] });
  const events = await publish(10);
  await delivered(events);
  expect(receiver.notifications).toHaveLength(10);
});

/** Its outcomes reach the database no more, as of a process that was killed; gives what ends that. */
function silence({ db }: Engine): () => void {
  const unheard: (() => void)[] = [];
  const query = db.query.bind(db);
  const spy = vi.spyOn(db, 'query').mockImplementation((statement, values) => {
    const name = typeof statement === 'string' ? '' : statement.name;
    if (name !== 'bellhop_settle' && name !== 'bellhop_release') return query(statement, values);
    return new Promise((resolve) => unheard.push(() => resolve([])));
  });
  return () => {
    spy.mockRestore();
    for (const resolve of unheard) resolve();
  };
}

async function deliveriesIn(status: string): Promise<number> {
  const [row] = await engine.db.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM delivery WHERE status = $1',
    [status],
  );
  return row?.count ?? 0;
}
