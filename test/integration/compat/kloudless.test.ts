import { afterAll, beforeAll, expect, test } from 'vitest';
import { KloudlessDouble } from '../../support/doubles/kloudless.double.js';
import { eventuallyGives } from '../../support/eventually.js';
import { FacadeStage } from './facade-stage.js';

const APP_ID = 'PROTOCOL_TEST_APP';
const DEFAULT_TENANT = '01900000-0000-7000-8000-000000000001';

interface EventsPage {
  readonly count: number;
  readonly type: string;
  readonly api: string;
  readonly cursor: string;
  readonly objects: readonly Record<string, unknown>[];
}

let stage: FacadeStage;
let receiver: KloudlessDouble;
let key: string;
beforeAll(async () => {
  const alias = { BELLHOP_PATH_ALIASES: '/v1/accounts=/compat/kloudless/v1/accounts' };
  [stage, receiver] = await Promise.all([
    FacadeStage.start(alias),
    KloudlessDouble.start({ apiKey: 'KEY', appId: APP_ID }),
  ]);
  key = await stage.api.key('viewer', DEFAULT_TENANT);
  const profileConfig = { appId: APP_ID, account: '593652' };
  const body = { url: receiver.url, profile: 'kloudless', secret: 'KEY', profileConfig, eventTypes: ['*'] };
  const made = await stage.api.call('POST', '/v1/subscriptions', { body });
  expect(made.json()).toMatchObject({ status: 'active', profile: 'kloudless' });
});
afterAll(() => Promise.all([receiver.stop(), stage.stop()]));

const get = (path: string, authorization = `APIKey ${key}`): Promise<Response> =>
  fetch(`${stage.origin}${path}`, { headers: authorization === '' ? {} : { authorization } });

/** Reads as the SDK does: page by page until one has no objects, or the cursor is -1. */
async function iterate(account: string, from: string | null, pageSize: number): Promise<EventsPage[]> {
  const pages: EventsPage[] = [];
  let cursor = from;
  do {
    const query = new URLSearchParams({ page_size: String(pageSize), ...(cursor !== null && { cursor }) });
    const answer = await get(`/compat/kloudless/v1/accounts/${account}/events?${query.toString()}`);
    expect(answer.headers.get('content-type')).toContain('application/json');
    const page = (await answer.json()) as EventsPage;
    pages.push(page);
    cursor = page.cursor;
  } while (pages.at(-1)?.objects.length !== 0 && cursor !== '-1');
  return pages;
}

const placeOf = (cursor = ''): string => cursor.split('.', 1)[0] ?? '';

test('a client follows the cursor: every event once, and an empty page with the same cursor at the end', async () => {
  for (let made = 1; made <= 7; made += 1)
    await stage.publish({ made }, 'guestbook.entry.created', `ent_${made}`);
  const pages = await iterate('593652', null, 3);
  expect(pages.map(({ count }) => count)).toEqual([3, 3, 1, 0]);
  expect(new Set(pages.map(({ cursor }) => placeOf(cursor))).size).toBe(3);
  expect(pages[0]).toMatchObject({ type: 'object_list', api: 'events' });
  const ids = pages.flatMap(({ objects }) => objects.map(({ metadata }) => (metadata as { id: string }).id));
  expect(ids.toSorted()).toEqual([1, 2, 3, 4, 5, 6, 7].map((made) => `ent_${made}`));
  expect(pages[0]?.objects[0]).toMatchObject({
    account: 593652,
    type: 'add',
    ip: null,
    metadata: { type: 'file' },
  });
  const { cursor } = (await (
    await get('/compat/kloudless/v1/accounts/me/events/latest')
  ).json()) as EventsPage;
  expect(placeOf(cursor)).toBe(placeOf(pages[3]?.cursor));
  await eventuallyGives(() => receiver.accounts.length > 0);
  expect(new Set(receiver.accounts)).toEqual(new Set(['593652']));
  await stage.publish({ made: 8 }, 'guestbook.entry.deleted', 'ent_1');
  const [next] = await iterate('me', cursor, 100);
  expect(next?.objects).toMatchObject([{ type: 'delete', metadata: { id: 'ent_1' } }]);
});

test.each(['ApiKey', 'apikey', 'APIKEY', 'Bearer', 'bearer'])(
  'the scheme %s is taken, with or without a slash',
  async (scheme) => {
    for (const path of ['', '/', '/latest', '/latest/']) {
      const answer = await get(`/compat/kloudless/v1/accounts/me/events${path}`, `${scheme} ${key}`);
      expect(answer.status, path).toBe(200);
    }
  },
);

test('the prefix is the operator’s to choose', async () => {
  const answer = await get('/v1/accounts/me/events/?page_size=2');
  expect(((await answer.json()) as EventsPage).count).toBe(2);
});

test.each([
  ['/events?cursor=nonsense', 400, 'bad_request'],
  ['/events?page_size=0', 400, 'bad_request'],
  ['/events?page_size=1001', 400, 'bad_request'],
])('%s is answered %i in their shape', async (path, status, word) => {
  const answer = await get(`/compat/kloudless/v1/accounts/me${path}`);
  expect(answer.status).toBe(status);
  expect(await answer.json()).toEqual({
    status_code: status,
    error_code: word,
    message: expect.any(String) as string,
  });
});

test("without a key nothing is shown, and another tenant's account does not exist", async () => {
  for (const authorization of ['', 'ApiKey wrong', `Basic ${key}`]) {
    const answer = await get('/compat/kloudless/v1/accounts/me/events', authorization);
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ error_code: 'unauthorized' });
  }
  const { uuid } = await stage.api.tenant('foreign');
  const foreign = `ApiKey ${await stage.api.key('admin', uuid)}`;
  expect((await get('/compat/kloudless/v1/accounts/593652/events', foreign)).status).toBe(404);
  expect((await get('/compat/kloudless/v1/accounts/593652/events/latest', foreign)).status).toBe(404);
  const own = await get('/compat/kloudless/v1/accounts/me/events', foreign);
  expect(await own.json()).toMatchObject({ count: 0 });
});
