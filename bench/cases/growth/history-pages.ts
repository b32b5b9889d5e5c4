import { encodeCursor, ID_PREFIX, toTypeId } from '#libs/kernel';
import type { Platform } from '../../case.js';
import { HISTORY_TYPES } from './history.js';

/** One kind of page, and how to ask for one: a path for every number. */
export interface PageKind {
  readonly name: string;
  path(n: number): string;
}

interface Sample {
  readonly id: string;
  readonly event_id: string;
  readonly subscription_id: string;
  readonly created_at: Date;
}

const SAMPLES = `
SELECT d.id, d.event_id, d.subscription_id, d.created_at FROM delivery d TABLESAMPLE SYSTEM (0.1)
JOIN tenant t ON t.id = d.tenant_id WHERE t.name = 'default' ORDER BY md5(d.id::text) LIMIT 200`;

const FAILING = `
SELECT subscription_id AS id FROM delivery d JOIN tenant t ON t.id = d.tenant_id
WHERE t.name = 'default' AND reason IS NOT NULL ORDER BY d.id DESC LIMIT 1`;

const LIMIT = 'limit=50';
const HOUR_MS = 3_600_000;

/** Every list and filter of the API, filters that match next to nothing and combinations of them among them. */
export async function pageKinds(platform: Platform): Promise<PageKind[]> {
  const samples = await platform.query<Sample>(SAMPLES);
  const [failing] = await platform.query<{ id: string }>(FAILING);
  const sample = (n: number): Sample => {
    const found = samples[n % samples.length];
    if (found === undefined) throw new Error('The history is empty.');
    return found;
  };
  const filters = filtersOf(sample, failing?.id ?? '');
  const kinds = Object.entries(filters).flatMap(([name, filter]) =>
    ['deliveries', 'admin/deliveries'].map((list) => ({
      name: `${list}: ${name}`,
      path: (n: number) => `/v1/${list}?${LIMIT}&${filter(n)}`,
    })),
  );
  return [...kinds, ...otherKinds(sample)];
}

type Filter = (n: number) => string;

function filtersOf(sample: (n: number) => Sample, failing: string): Readonly<Record<string, Filter>> {
  const subscription: Filter = (n) =>
    `subscriptionId=${toTypeId(ID_PREFIX.subscription, sample(n).subscription_id)}`;
  const ofFailing = `subscriptionId=${toTypeId(ID_PREFIX.subscription, failing)}`;
  const event: Filter = (n) => `eventId=${toTypeId(ID_PREFIX.event, sample(n).event_id)}`;
  const hour: Filter = (n) => {
    const from = sample(n).created_at.getTime();
    return `from=${new Date(from).toISOString()}&to=${new Date(from + HOUR_MS).toISOString()}`;
  };
  const { common, seldom, rare } = HISTORY_TYPES;
  return {
    all: () => '',
    'deep in the list': (n) => `cursor=${encodeCursor(sample(n).id)}`,
    delivered: () => 'status=delivered',
    pending: () => 'status=pending',
    exhausted: () => 'status=exhausted',
    'exhausted, deep': (n) => `status=exhausted&cursor=${encodeCursor(sample(n).id)}`,
    discarded: () => 'status=discarded',
    'a subscription': subscription,
    'a subscription, deep': (n) => `${subscription(n)}&cursor=${encodeCursor(sample(n).id)}`,
    'a subscription, pending': (n) => `${subscription(n)}&status=pending`,
    'a subscription, exhausted': () => `${ofFailing}&status=exhausted`,
    'a subscription, discarded': (n) => `${subscription(n)}&status=discarded`,
    'a subscription, a type': (n) => `${subscription(n)}&eventType=${common}`,
    'a subscription, a rare type': (n) => `${subscription(n)}&eventType=${rare}`,
    'an event': event,
    'an event, a subscription': (n) => `${event(n)}&${subscription(n)}`,
    'a common type': () => `eventType=${common}`,
    'a seldom type': () => `eventType=${seldom}`,
    'a rare type': () => `eventType=${rare}`,
    'a type that never was': () => 'eventType=bench.history.never',
    'an hour': hour,
    'an hour, exhausted': (n) => `${hour(n)}&status=exhausted`,
    'an hour, a subscription, a type': (n) => `${hour(n)}&${subscription(n)}&eventType=${common}`,
    'a common type, exhausted': () => `eventType=${common}&status=exhausted`,
    'a rare type, pending': () => `eventType=${rare}&status=pending`,
    'a future time': () => 'from=2100-01-01T00:00:00Z',
  };
}

function otherKinds(sample: (n: number) => Sample): PageKind[] {
  const { common, rare } = HISTORY_TYPES;
  return [
    {
      name: 'a delivery with its attempts',
      path: (n) => `/v1/deliveries/${toTypeId(ID_PREFIX.delivery, sample(n).id)}`,
    },
    {
      name: 'an event with its deliveries',
      path: (n) => `/v1/events/${toTypeId(ID_PREFIX.event, sample(n).event_id)}`,
    },
    { name: 'events: all', path: () => `/v1/events?${LIMIT}` },
    {
      name: 'events: deep in the list',
      path: (n) => `/v1/events?${LIMIT}&cursor=${encodeCursor(sample(n).event_id)}`,
    },
    { name: 'events: a common type', path: () => `/v1/events?${LIMIT}&type=${common}` },
    { name: 'events: a rare type', path: () => `/v1/events?${LIMIT}&type=${rare}` },
    { name: 'overview', path: () => '/v1/admin/overview' },
  ];
}
