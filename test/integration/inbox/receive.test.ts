import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { newSecret } from '#libs/signing';
import { eventually } from '../../support/eventually.js';
import { EVENT, InboxFixture } from './inbox-fixture.js';

let inbox: InboxFixture;
beforeAll(async () => {
  inbox = await InboxFixture.start();
});
beforeEach(async () => {
  await inbox.reset();
  await inbox.tell('connect');
});
afterAll(() => inbox.stop());

const deliver = (id: string, body = EVENT): Promise<Response> => inbox.platform.deliver(id, body);

test('a delivery is kept, acknowledged, and worked on later', async () => {
  expect((await deliver('evt_1')).status).toBe(204);
  await eventually(async () => {
    const { data } = await inbox.messages();
    expect(data).toMatchObject([
      { id: 'evt_1', status: 'processed', receivedCount: 1, payload: JSON.parse(EVENT) },
    ]);
  });
});

test('a duplicate is counted, not kept twice, even when both come at once', async () => {
  await Promise.all([deliver('evt_1'), deliver('evt_1'), deliver('evt_1')]);
  const { data } = await inbox.messages();
  expect(data).toMatchObject([{ id: 'evt_1', receivedCount: 3 }]);
});

test('what cannot be used is acknowledged all the same, and fails later with the reason', async () => {
  for (const [id, body] of [
    ['evt_1', '[]'],
    ['evt_2', '{"type":"a.b"}'],
    ['evt_3', '""'],
  ] as const) {
    expect((await deliver(id, body)).status).toBe(204);
  }
  await eventually(async () => {
    const { data } = await inbox.messages();
    expect(data.map(({ status }) => status)).toEqual(['failed', 'failed', 'failed']);
    expect(data.every(({ failure }) => failure !== null)).toBe(true);
  });
});

test('a wrong or missing signature is refused and counted', async () => {
  const { url } = inbox.platform.only;
  const forged = await inbox.platform.deliver('evt_1', EVENT, {
    ...inbox.platform.only,
    secret: newSecret(),
  });
  const unsigned = await fetch(url, {
    method: 'POST',
    body: EVENT,
    headers: { 'content-type': 'application/json' },
  });
  expect([forged.status, unsigned.status]).toEqual([401, 401]);
  expect((await inbox.messages()).data).toEqual([]);
  expect(await inbox.page()).toContain('Refused 2');
});

test('the largest event is taken', async () => {
  const data = 'x'.repeat(256 * 1024 - 2);
  const body = JSON.stringify({
    type: 'guestbook.entry.created',
    timestamp: '2026-11-22T04:00:00.000Z',
    data,
  });
  expect((await deliver('evt_1', body)).status).toBe(204);
});

test('what came in is only text on the page', async () => {
  await deliver('evt_<b>', EVENT);
  const page = await inbox.page();
  expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(page).not.toMatch(/<script>|evt_<b>|<script(?![^>]* src=)|<style|\sstyle=/);
});

test('messages are paged, latest first', async () => {
  for (const id of ['evt_1', 'evt_2', 'evt_3']) await deliver(id);
  const first = await inbox.messages('?limit=2');
  const second = await inbox.messages(`?limit=2&cursor=${first.nextCursor}`);
  expect([first, second].map(({ data }) => data.map(({ id }) => id))).toEqual([
    ['evt_3', 'evt_2'],
    ['evt_1'],
  ]);
  expect(second.nextCursor).toBeNull();
});

test.each([
  'x',
  Buffer.from('["1","a\\u0000"]').toString('base64url'),
  Buffer.from('["now","a"]').toString('base64url'),
])('the made-up cursor %s is refused', async (cursor) => {
  expect((await fetch(`${inbox.url}/inbox/messages?cursor=${cursor}`)).status).toBe(400);
});

test('clearing empties the inbox and keeps the connection', async () => {
  await deliver('evt_1');
  await inbox.form('clear');
  expect((await inbox.messages()).data).toEqual([]);
  expect((await deliver('evt_1')).status).toBe(204);
});
