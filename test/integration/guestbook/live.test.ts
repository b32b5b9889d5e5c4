import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { EventStream, GuestbookFixture } from './guestbook-fixture.js';

let database: TestDatabase;
let one: GuestbookFixture;
let other: GuestbookFixture;
beforeAll(async () => {
  database = await createTestDatabase();
  [one, other] = await Promise.all([
    GuestbookFixture.start(database.url),
    GuestbookFixture.start(database.url),
  ]);
});
afterAll(async () => {
  await Promise.all([one.stop(), other.stop()]);
  await database.drop();
});

test('an entry shows on the open pages of every process, and vanishes from them', async () => {
  const streams = await Promise.all([one, other].map(({ url }) => EventStream.open(`${url}/entries/stream`)));
  const entry = await one.signed('Ada', 'line\nline');
  for (const stream of streams) {
    await eventually(() => expect(stream.text).toContain(`event: entry.created\nid: ${entry.id}\n`));
    expect(stream.text).toContain(`data: ${JSON.stringify(entry)}\n`);
  }
  await fetch(`${other.url}/entries/${entry.id}`, { method: 'DELETE' });
  for (const stream of streams) {
    await eventually(() => expect(stream.text).toContain(`data: {"id":"${entry.id}"}`));
    stream.close();
  }
});

test('whoever comes back gets what it missed, and a place that is none means a fresh start', async () => {
  const [first, second, third] = [await one.signed('1'), await one.signed('2'), await one.signed('3')];
  const resumed = await EventStream.open(`${one.url}/entries/stream`, { 'last-event-id': first.id });
  await eventually(() => expect(resumed.text).toContain(third.id));
  expect(resumed.text).toContain(second.id);
  expect(resumed.text).not.toContain(first.id);
  const fresh = await EventStream.open(`${one.url}/entries/stream?since=nonsense`);
  const entry = await one.signed('4');
  await eventually(() => expect(fresh.text).toContain(entry.id));
  expect(fresh.text).not.toContain(third.id);
  resumed.close();
  fresh.close();
});

test('who missed too much, or lost the database, is told to read the list again', async () => {
  const first = await one.signed('first');
  for (let index = 0; index < 100; index += 1) await one.signed(`${index}`);
  const late = await EventStream.open(`${one.url}/entries/stream?since=${first.id}`);
  await eventually(() => expect(late.text).toContain('event: refresh'));
  late.close();
  const open = await EventStream.open(`${one.url}/entries/stream`);
  await one.database.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE application_name = 'bellhop listen' AND datname = current_database()`,
  );
  await eventually(() => expect(open.text).toContain('event: refresh'));
  open.close();
});

test('open pages do not hold up a stop', async () => {
  const leaving = await GuestbookFixture.start(database.url);
  const stream = await EventStream.open(`${leaving.url}/entries/stream`);
  await eventually(() => expect(stream.text).toContain(': connected'));
  await leaving.stop();
  await eventually(() => expect(stream.isEnded).toBe(true));
});
