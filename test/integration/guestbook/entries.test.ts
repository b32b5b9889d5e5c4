import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { type EntryJson, GuestbookFixture } from './guestbook-fixture.js';

let database: TestDatabase;
let guestbook: GuestbookFixture;
beforeAll(async () => {
  database = await createTestDatabase();
  guestbook = await GuestbookFixture.start(database.url);
});
beforeEach(() => guestbook.clear());
afterAll(async () => {
  await guestbook.stop();
  await database.drop();
});

test('signing stores the entry and its event together', async () => {
  const response = await guestbook.sign({ name: ' Ada ', message: 'Hello\r\nthere' });
  const entry = (await response.json()) as EntryJson;
  expect(response.status).toBe(201);
  expect(entry).toMatchObject({ name: 'Ada', message: 'Hello\nthere' });
  expect(entry.id).toMatch(/^ent_[0-9a-z]{26}$/);
  expect(await guestbook.outbox()).toEqual([
    { type: 'guestbook.entry.created', subject: entry.id, data: entry },
  ]);
});

test('without its event an entry does not exist either', async () => {
  await guestbook.database.query(
    'ALTER TABLE guestbook.outbox_message ADD CONSTRAINT full_disk CHECK (false) NOT VALID',
  );
  const response = await guestbook.sign({ name: 'Ada', message: 'Hello' });
  await guestbook.database.query('ALTER TABLE guestbook.outbox_message DROP CONSTRAINT full_disk');
  expect(response.status).toBe(500);
  expect(await guestbook.database.query('SELECT 1 FROM guestbook.entry')).toEqual([]);
});

test('removing carries the entry as it was, once', async () => {
  const entry = await guestbook.signed('Ada');
  const remove = (): Promise<Response> => fetch(`${guestbook.url}/entries/${entry.id}`, { method: 'DELETE' });
  const statuses = await Promise.all([remove(), remove(), remove()].map(async (one) => (await one).status));
  expect(statuses.toSorted((a, b) => a - b)).toEqual([204, 404, 404]);
  const [, deleted, ...more] = await guestbook.outbox();
  expect(deleted).toEqual({ type: 'guestbook.entry.deleted', subject: entry.id, data: entry });
  expect(more).toEqual([]);
});

test.each(['nonsense', 'ent_7zzzzzzzzzzzzzzzzzzzzzzzzz', 'sub_01h455vb4pex5vsknk084sn02q', '%00'])(
  'an entry %s is not found',
  async (id) => {
    const response = await fetch(`${guestbook.url}/entries/${id}`, { method: 'DELETE' });
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toMatch('application/problem+json');
  },
);

test.each([
  ['nothing', undefined],
  ['an array', []],
  ['empty fields', { name: '', message: ' ' }],
  ['numbers', { name: 5, message: {} }],
])('%s is refused by field', async (_what, body) => {
  const response = await guestbook.sign(body);
  expect(response.status).toBe(422);
  expect(await response.json()).toMatchObject({
    code: 'validation_failed',
    errors: [{ field: 'name' }, { field: 'message' }],
  });
});

test('whatever a database can hold is stored as it is, and the rest is replaced visibly', async () => {
  const message = '<script>\u0001\u202e{{7*7}}😀 \ud83d nul:\0 ẑ͔̯͙̱\'"`';
  const entry = await guestbook.signed('Mallory', message);
  expect(entry.message).toBe('<script>\u0001\u202e{{7*7}}😀 \ufffd nul:\ufffd ẑ͔̯͙̱\'"`');
  const [event] = await guestbook.outbox();
  expect(event?.data).toEqual(entry);
});

test('the list is paged newest first and keeps its places while entries come', async () => {
  for (const name of ['a', 'b', 'c', 'd', 'e']) await guestbook.signed(name);
  const first = await list('?limit=2');
  await guestbook.signed('late');
  const second = await list(`?limit=2&cursor=${first.nextCursor}`);
  const third = await list(`?limit=2&cursor=${second.nextCursor}`);
  expect([first, second, third].map(({ data }) => data.map(({ name }) => name))).toEqual([
    ['e', 'd'],
    ['c', 'b'],
    ['a'],
  ]);
  expect(third.nextCursor).toBeNull();
  expect((await fetch(`${guestbook.url}/entries?cursor=nonsense!`)).status).toBe(400);
});

test('another site cannot make a browser sign or remove', async () => {
  const entry = await guestbook.signed('Ada');
  const headers = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' };
  const attempts = [
    guestbook.submit('/entries', { name: 'x', message: 'y' }, headers),
    guestbook.submit(`/entries/${entry.id}/delete`, {}, { origin: 'http://evil.example' }),
    fetch(`${guestbook.url}/entries/${entry.id}`, { method: 'DELETE', headers: { origin: 'null' } }),
  ];
  for (const attempt of attempts) {
    const response = await attempt;
    expect([response.status, await response.json()]).toEqual([
      403,
      expect.objectContaining({ code: 'cross_site_request' }),
    ]);
  }
  expect((await list('')).data).toEqual([entry]);
});

async function list(query: string): Promise<{ data: EntryJson[]; nextCursor: string | null }> {
  return (await (await fetch(`${guestbook.url}/entries${query}`)).json()) as {
    data: EntryJson[];
    nextCursor: string | null;
  };
}
