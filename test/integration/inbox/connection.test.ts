import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { EVENT, InboxFixture } from './inbox-fixture.js';

let inbox: InboxFixture;
beforeAll(async () => {
  inbox = await InboxFixture.start();
});
beforeEach(() => inbox.reset());
afterAll(() => inbox.stop());

test('one click makes a secret, subscribes, and answers the challenge that arrives meanwhile', async () => {
  expect(await inbox.page()).toContain('Connect to the guestbook');
  const response = await inbox.form('connect');
  expect([response.status, response.headers.get('location')]).toEqual([303, '/inbox']);
  expect(inbox.platform.only).toMatchObject({
    url: `${inbox.url}/inbox/receive`,
    eventTypes: ['guestbook.*'],
  });
  const page = await inbox.page();
  expect(page).toContain('connected');
  expect(page).toContain(inbox.platform.only.id);
  expect(page).not.toContain(inbox.platform.only.secret);
});

test('two clicks make one subscription', async () => {
  const statuses = await Promise.all([1, 2, 3].map(async () => (await inbox.tell('connect')).status));
  expect(statuses.toSorted((a, b) => a - b)).toEqual([200, 409, 409]);
  expect(inbox.platform.subscriptions.size).toBe(1);
});

test('a failed challenge is shown step by step and leaves nothing behind', async () => {
  inbox.platform.refusesAll = true;
  const response = await inbox.form('connect');
  const page = await response.text();
  expect(response.status).toBe(422);
  expect(page).toContain('The challenge failed');
  expect(page).toContain('The proof is &lt;wrong&gt;.');
  inbox.platform.refusesAll = false;
  expect((await inbox.tell('connect')).status).toBe(200);
});

test('what a process that died left on the platform is cleared away when connecting again', async () => {
  await inbox.tell('connect');
  await inbox.database.query(
    "UPDATE inbox.connection SET subscription_id = NULL, connecting_since = now() - interval '61 seconds'",
  );
  await inbox.tell('connect');
  expect(inbox.platform.subscriptions.size).toBe(1);
  expect((await inbox.platform.deliver('evt_1', '{}')).status).toBe(204);
});

test('disconnecting ends the subscription, and nothing is taken any more', async () => {
  await inbox.tell('connect');
  const { only } = inbox.platform;
  await inbox.form('disconnect');
  expect(inbox.platform.subscriptions.size).toBe(0);
  const response = await inbox.platform.deliver('evt_1', '{}', only);
  expect([response.status, await response.json()]).toEqual([
    401,
    expect.objectContaining({ code: 'not_connected' }),
  ]);
});

test('a subscription that was removed on the platform is told so, and can be made again', async () => {
  await inbox.tell('connect');
  inbox.platform.subscriptions.clear();
  expect(await inbox.page()).toContain('removed on the platform');
  expect((await inbox.form('disconnect')).status).toBe(303);
  expect((await inbox.form('connect')).status).toBe(303);
});

test('after a start under another address the subscription follows, challenged again', async () => {
  await inbox.tell('connect');
  const { id, url } = inbox.platform.only;
  await inbox.startElsewhere();
  await eventually(() =>
    expect(inbox.platform.only).toMatchObject({ id, url: `${inbox.url}/inbox/receive` }),
  );
  expect(inbox.platform.only.url).not.toBe(url);
  expect((await inbox.platform.deliver('evt_1', EVENT)).status).toBe(204);
  expect(await inbox.page()).not.toContain('elsewhere');
});

test('a subscription that could not follow is told so, with the reason and a way to try again', async () => {
  await inbox.tell('connect');
  const { url } = inbox.platform.only;
  inbox.platform.refusesAll = true;
  await inbox.startElsewhere();
  await eventually(async () => expect(await inbox.page()).toContain('Moving it here failed: No proof.'));
  expect(await inbox.page()).toContain(url);
  expect(await (await inbox.form('move')).text()).toContain('The proof is &lt;wrong&gt;.');
  inbox.platform.refusesAll = false;
  expect((await inbox.form('move')).status).toBe(303);
  expect(inbox.platform.only.url).toBe(`${inbox.url}/inbox/receive`);
  expect(await inbox.page()).not.toContain('elsewhere');
});
