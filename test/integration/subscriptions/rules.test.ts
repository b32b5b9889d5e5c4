import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '#libs/kernel';
import type { Caller, NewSubscription } from '#libs/subscriptions';
import { MEMBER, OPERATOR, type Platform, startPlatform } from './subscriptions-fixture.js';

let platform: Platform;

beforeAll(async () => {
  platform = await startPlatform();
});
afterAll(() => platform.stop());

const good: NewSubscription = { url: 'http://127.0.0.1:9/', eventTypes: ['*'], verify: 'later' };
const create = (wish: object, caller: Caller = MEMBER): Promise<unknown> =>
  platform.node.subscriptions.create(caller, { ...good, ...wish } as NewSubscription);

const header = (name: string, value: unknown = 'x'): object => ({
  headers: Object.fromEntries([[name, value]]),
});

const unusable: [string, object, string][] = [
  ['no event types', { eventTypes: undefined }, 'eventTypes'],
  ['an empty list of event types', { eventTypes: [] }, 'eventTypes'],
  ['a pattern with a star inside', { eventTypes: ['a.*.c'] }, 'eventTypes'],
  ['a pattern that is no text', { eventTypes: [1] }, 'eventTypes'],
  ['101 patterns', { eventTypes: Array.from({ length: 101 }, (_, at) => `a${at}.*`) }, 'eventTypes'],
  ['a long description', { description: 'x'.repeat(513) }, 'description'],
  ['a description with NUL', { description: 'a\0b' }, 'description'],
  ['a short timeout', { timeoutMs: 999 }, 'timeoutMs'],
  ['a long timeout', { timeoutMs: 30_001 }, 'timeoutMs'],
  ['a broken timeout', { timeoutMs: 1500.5 }, 'timeoutMs'],
  ['nothing in flight', { maxInFlight: 0 }, 'maxInFlight'],
  ['much in flight', { maxInFlight: 501 }, 'maxInFlight'],
  ['no request per second', { rateLimitPerSecond: 0 }, 'rateLimitPerSecond'],
  ['10,001 requests per second', { rateLimitPerSecond: 10_001 }, 'rateLimitPerSecond'],
  ['half a request per second', { rateLimitPerSecond: 0.5 }, 'rateLimitPerSecond'],
  ['31 retries', { retry: { scheduleSeconds: Array.from({ length: 31 }, () => 1) } }, 'retry'],
  ['a negative delay', { retry: { scheduleSeconds: [-1] } }, 'retry'],
  ['a delay beyond a day', { retry: { scheduleSeconds: [86_401] } }, 'retry'],
  ['another member in retry', { retry: { attempts: 3 } }, 'retry'],
  ['an unknown handshake', { handshake: 'constructor' }, 'handshake'],
  ['an unknown moment to verify', { verify: 'never' }, 'verify'],
  [
    '21 headers',
    { headers: Object.fromEntries(Array.from({ length: 21 }, (_, at) => [`x-${at}`, ''])) },
    'headers',
  ],
  ['a list of headers', { headers: [] }, 'headers'],
  ['a header with a space', header('a b'), 'headers.a b'],
  ['a header named __proto__', { headers: JSON.parse('{"__proto__":"x"}') as object }, 'headers.__proto__'],
  ['a line break in a header', header('x-a', 'a\r\nHost: evil'), 'headers.x-a'],
  ['a header beyond ASCII', header('x-a', 'ä'), 'headers.x-a'],
  ['a long header', header('x-a', 'x'.repeat(1_025)), 'headers.x-a'],
  ['a header that is no text', header('x-a', 1), 'headers.x-a'],
  ['the same header twice', { headers: { 'X-A': '1', 'x-a': '2' } }, 'headers.x-a'],
  ...[
    'Host',
    'content-length',
    'Transfer-Encoding',
    'connection',
    'TE',
    'upgrade',
    'Cookie',
    'Webhook-Id',
  ].map((name): [string, object, string] => [`the header ${name}`, header(name), `headers.${name}`]),
  ...[
    'webhook-anything',
    'X-Forwarded-For',
    'keep-alive',
    'proxy-authorization',
    'trailer',
    'content-type',
  ].map((name): [string, object, string] => [`the header ${name}`, header(name), `headers.${name}`]),
];

test.each(unusable)('%s is refused by name', async (_what, wish, field) => {
  await expect(create(wish)).rejects.toMatchObject({
    kind: 'invalid',
    code: 'validation_failed',
    errors: [{ field, message: expect.any(String) }],
  });
});

test('all faults are told together', async () => {
  await expect(create({ timeoutMs: 1, description: 1, eventTypes: [] })).rejects.toMatchObject({
    errors: [{ field: 'eventTypes' }, { field: 'description' }, { field: 'timeoutMs' }],
  });
});

test('event types that nobody publishes are refused by name, wildcards are not', async () => {
  const eventTypes = ['guestbook.entry.created', 'guestbook.entry.signed', 'shop.order.paid', 'shop.*', '*'];
  await expect(create({ eventTypes })).rejects.toMatchObject({
    code: 'unknown_event_type',
    errors: [
      { message: expect.stringContaining('guestbook.entry.signed') },
      { message: expect.stringContaining('shop.order.paid') },
    ],
  });
});

test('an event type of another tenant is not known', async () => {
  await expect(
    create({ eventTypes: ['guestbook.entry.created'] }, await platform.newTenant()),
  ).rejects.toMatchObject({
    code: 'unknown_event_type',
  });
});

test('an unknown profile and an unusable secret are refused', async () => {
  await expect(create({ profile: 'nobody' })).rejects.toMatchObject({ code: 'unknown_profile' });
  await expect(create({ secret: 'whsec_short' })).rejects.toMatchObject({ code: 'invalid_secret' });
});

test('repeated event types are stored once', async () => {
  const created = await create({ eventTypes: ['a.*', '*', 'a.*'] });
  expect(created).toMatchObject({ subscription: { eventTypes: ['a.*', '*'] } });
});

test('the normal form of a URL is stored', async () => {
  const created = await create({ url: 'HTTP://127.1:9/a/../b#part' });
  expect(created).toMatchObject({ subscription: { url: 'http://127.0.0.1:9/b' } });
});

const forbiddenUrls = [
  'nonsense',
  'ftp://example.com/',
  'http://10.0.0.1/',
  'http://169.254.169.254/',
  'http://u:p@example.com/',
];

test('a URL that is not allowed is refused to all alike, on the second', async () => {
  const startedAt = performance.now();
  const refusals = await Promise.all(
    forbiddenUrls.map(async (url) => {
      const error = await create({ url }).catch((reason: unknown) => reason);
      return { error, elapsed: performance.now() - startedAt };
    }),
  );
  for (const { error, elapsed } of refusals) {
    expect(error).toMatchObject({ kind: 'invalid', code: 'url_not_allowed', extensions: {} });
    expect(elapsed).toBeGreaterThanOrEqual(990);
  }
  expect(new Set(refusals.map(({ error }) => JSON.stringify(error))).size).toBe(1);
});

test('the platform’s admin is told why, and need not wait', async () => {
  await expect(create({ url: 'http://10.0.0.1/' }, OPERATOR)).rejects.toMatchObject({
    code: 'url_not_allowed',
    extensions: { errorType: 'blocked_address' },
  });
});

test('names that lead nowhere or inside are refused like addresses that are not allowed', async () => {
  const urls = ['http://nowhere.example.com/', 'http://private.example.com/', 'http://10.0.0.1/'];
  const outcomes = await Promise.all(
    urls.map((url) => create({ url, verify: 'now' }).catch((error: unknown) => error)),
  );
  expect(new Set(outcomes.map((outcome) => JSON.stringify(outcome))).size).toBe(1);
  expect(outcomes[0]).toMatchObject({ code: 'url_not_allowed', extensions: {} });
  const logged = await platform.node.database.query('SELECT outcome FROM challenge WHERE url = ANY($1)', [
    urls,
  ]);
  expect(logged).toEqual([{ outcome: 'refused' }, { outcome: 'refused' }]);
});

test('the platform’s admin sees at which step a name was refused', async () => {
  const refusal = create({ url: 'http://private.example.com/', verify: 'now' }, OPERATOR);
  const steps = expect.arrayContaining([
    expect.objectContaining({ name: 'policy', status: 'failed' }),
  ]) as unknown;
  await expect(refusal).rejects.toMatchObject({
    code: 'url_not_allowed',
    extensions: { errorType: 'blocked_address', handshake: { steps } },
  });
});

test('one tenant may subscribe a host on the internet a hundred times', async () => {
  const tenant = await platform.newTenant();
  await platform.node.database.query(
    `INSERT INTO subscription (id, tenant_id, url, event_types, handshake, status)
     SELECT gen_random_uuid(), $1, 'https://hooks.example.com:443/' || n, '{*}', 'echo', 'pending' FROM generate_series(1, 100) n`,
    [tenant.tenantId],
  );
  const url = 'https://hooks.example.com/101';
  await expect(create({ url }, tenant)).rejects.toMatchObject({ code: 'too_many_subscriptions' });
  await expect(create({ url: 'https://hooks2.example.com/' }, tenant)).resolves.toBeDefined();
  await expect(create({ url }, { ...MEMBER, keyId: newId() })).resolves.toBeDefined();
});
