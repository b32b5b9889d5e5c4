import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Database } from '#libs/database';
import { DEFAULT_TENANT_ID, toTypeId } from '#libs/kernel';
import { ApiFixture } from './api-fixture.js';

/** 400 deliveries of two tenants and four subscriptions, one each minute; ids grow with time as those of the product. */
const COUNT = 400;
const OTHER_TENANT = '01900000-0000-7000-8000-000000000002';
const START_MS = Date.UTC(2026, 0, 1);
const TYPE = 'shop.order.paid';
const RARE = 'shop.order.lost';

interface Row {
  readonly id: string;
  readonly tenant: string;
  readonly event: string;
  readonly subscription: string;
  readonly type: string;
  readonly status: string;
  readonly at: Date;
  /** Not in the index of what waits: its first attempt is on its way. */
  readonly isFlying: boolean;
}

const uuid = (kind: number, ms: number): string => {
  const hex = ms.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-${String(kind).padStart(12, '0')}`;
};
const subscription = (n: number): string => uuid(10 + n, START_MS);

const rows: readonly Row[] = Array.from({ length: COUNT }, (_, n) => {
  const ms = START_MS + n * 60_000;
  const at = n % 4;
  const status = n % 10 === 3 ? 'exhausted' : n === 44 ? 'discarded' : n % 10 === 6 ? 'pending' : 'delivered';
  return {
    id: uuid(1, ms),
    tenant: at === 3 ? OTHER_TENANT : DEFAULT_TENANT_ID,
    // Four share an event, one of each subscription.
    event: uuid(2, START_MS + Math.floor(n / 4) * 240_000),
    subscription: subscription(at),
    type: n % 97 === 5 ? RARE : TYPE,
    status,
    at: new Date(ms),
    isFlying: status === 'pending' && n % 20 === 6,
  };
});

let api: ApiFixture;
beforeAll(async () => {
  api = await ApiFixture.start();
  const database = api.app.get(Database);
  const column = (pick: (row: Row) => unknown): unknown[] => rows.map(pick);
  await database.query(`INSERT INTO tenant (id, name) VALUES ($1, 'other')`, [OTHER_TENANT]);
  await database.query(
    `INSERT INTO subscription (id, tenant_id, url, event_types, handshake, status)
     SELECT DISTINCT s, t, 'https://example.com/', '{*}'::text[], 'none', 'active' FROM unnest($1::uuid[], $2::uuid[]) AS x(s, t)`,
    [column((row) => row.subscription), column((row) => row.tenant)],
  );
  await database.query(
    `INSERT INTO delivery (id, tenant_id, event_id, subscription_id, event_type, status, reason, created_at,
       next_attempt_at)
     SELECT id, tenant, event, subscription, type, status,
       CASE WHEN status IN ('exhausted', 'discarded') THEN 'because' END, at,
       CASE WHEN status = 'pending' AND NOT flying THEN at + interval '1 hour' END
     FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::timestamptz[], $8::boolean[])
       AS x(id, tenant, event, subscription, type, status, at, flying)`,
    [
      column((row) => row.id),
      column((row) => row.tenant),
      column((row) => row.event),
      column((row) => row.subscription),
      column((row) => row.type),
      column((row) => row.status),
      column((row) => row.at),
      column((row) => row.isFlying),
    ],
  );
  await database.query(
    `INSERT INTO delivery_lease (id, lease_until, deliveries, event_ids) VALUES ($1, now() + interval '1 hour', $2, $3)`,
    [
      uuid(3, START_MS),
      rows.filter(({ isFlying }) => isFlying).length,
      rows.filter(({ isFlying }) => isFlying).map(({ event }) => event),
    ],
  );
});
afterAll(() => api.stop());

interface Page {
  readonly data: readonly { readonly id: string }[];
  readonly nextCursor: string | null;
}

/** All pages, one after another, as ids. */
async function ids(path: string, query: string, limit = 100): Promise<string[]> {
  const found: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const more: string = cursor === '' ? '' : `&cursor=${cursor}`;
    const answer = await api.call('GET', `/v1/${path}?limit=${limit}&${query}${more}`);
    expect(answer.status, answer.text).toBe(200);
    const page = answer.json<Page>();
    expect(page.data.length).toBeLessThanOrEqual(limit);
    found.push(...page.data.map(({ id }) => id));
    cursor = page.nextCursor;
  }
  return found;
}

const newestFirst = (wanted: (row: Row) => boolean): string[] =>
  rows
    .filter(wanted)
    .map(({ id }) => toTypeId('dlv', id))
    .toReversed();

const minute = (n: number): number => START_MS + n * 60_000;
const between = `from=${new Date(minute(100)).toISOString()}&to=${new Date(minute(200)).toISOString()}`;
const isBetween = ({ at }: Row): boolean => at.getTime() >= minute(100) && at.getTime() < minute(200);
const one = subscription(1);
const event = uuid(2, START_MS + 11 * 240_000);

const filters: [string, string, (row: Row) => boolean][] = [
  ['nothing', '', () => true],
  ['delivered', 'status=delivered', ({ status }) => status === 'delivered'],
  ['exhausted', 'status=exhausted', ({ status }) => status === 'exhausted'],
  ['discarded', 'status=discarded', ({ status }) => status === 'discarded'],
  ['pending, waiting or on its way', 'status=pending', ({ status }) => status === 'pending'],
  ['a subscription', `subscriptionId=${toTypeId('sub', one)}`, (row) => row.subscription === one],
  [
    'a subscription and a status',
    `status=pending&subscriptionId=${toTypeId('sub', subscription(2))}`,
    (row) => row.subscription === subscription(2) && row.status === 'pending',
  ],
  [
    'exhausted ones of a subscription',
    `status=exhausted&subscriptionId=${toTypeId('sub', one)}`,
    (row) => row.subscription === one && row.status === 'exhausted',
  ],
  ['an event', `eventId=${toTypeId('evt', event)}`, (row) => row.event === event],
  [
    'an event and a subscription',
    `eventId=${toTypeId('evt', event)}&subscriptionId=${toTypeId('sub', one)}`,
    (row) => row.event === event && row.subscription === one,
  ],
  ['a rare type', `eventType=${RARE}`, ({ type }) => type === RARE],
  ['a type that no event has', 'eventType=shop.order.found', () => false],
  ['a time', between, isBetween],
  [
    'everything at once',
    `${between}&status=pending&eventType=${TYPE}&subscriptionId=${toTypeId('sub', subscription(0))}`,
    (row) =>
      isBetween(row) && row.status === 'pending' && row.type === TYPE && row.subscription === subscription(0),
  ],
  ['a subscription that does not exist', `subscriptionId=${toTypeId('sub', uuid(99, 1))}`, () => false],
  ['an id that is none', 'subscriptionId=sub_1&eventId=evt_1', () => false],
];

describe.each(filters)('the log filtered by %s', (_, query, wanted) => {
  test('of a tenant holds its own deliveries alone, newest first, each on one page', async () => {
    const own = newestFirst((row) => row.tenant === DEFAULT_TENANT_ID && wanted(row));
    expect(await ids('deliveries', query)).toEqual(own);
    expect(await ids('deliveries', query, 7)).toEqual(own);
  });

  test('of the platform holds those of all tenants, newest first, each on one page', async () => {
    expect(await ids('admin/deliveries', query)).toEqual(newestFirst(wanted));
    expect(await ids('admin/deliveries', query, 7)).toEqual(newestFirst(wanted));
  });
});

test('a subscription of another tenant has no deliveries to show', async () => {
  const query = `subscriptionId=${toTypeId('sub', subscription(3))}`;
  expect(await ids('deliveries', query)).toEqual([]);
  expect(await ids('deliveries', `${query}&status=pending`)).toEqual([]);
  expect((await ids('admin/deliveries', query)).length).toBe(COUNT / 4);
});

test('the overview counts what waits and what is on its way', async () => {
  const pending = rows.filter(({ status }) => status === 'pending').length;
  const overview = (await api.call('GET', '/v1/admin/overview')).json<{ oldestDueSeconds: number }>();
  expect(overview).toMatchObject({ pending });
  expect(overview.oldestDueSeconds).toBeGreaterThan(3600);
});
