import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
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

const deliver = (id = 'evt_1'): Promise<Response> => inbox.platform.deliver(id, EVENT);

test('a status is answered for as many requests as told, and the message is not taken', async () => {
  await inbox.tell('behaviour', { mode: 'status', status: 503, retryAfterSeconds: 7, requests: 2 });
  const answers = [await deliver(), await deliver(), await deliver()];
  expect(answers.map(({ status }) => status)).toEqual([503, 503, 204]);
  expect(answers[0]?.headers.get('retry-after')).toBe('7');
  expect((await inbox.messages()).data).toMatchObject([{ receivedCount: 1 }]);
});

test('exactly as many are treated so, even when they come at once', async () => {
  await inbox.tell('behaviour', { mode: 'status', status: 500, requests: 5 });
  const answers = await Promise.all(Array.from({ length: 12 }, (_, index) => deliver(`evt_${index}`)));
  expect(answers.filter(({ status }) => status === 500)).toHaveLength(5);
});

test('a redirect has somewhere to lead, and lasts until it is switched off', async () => {
  await inbox.form('behaviour', { mode: 'status', status: '301', requests: '' });
  const answers = [await deliver(), await deliver()];
  expect(answers.map(({ status }) => status)).toEqual([301, 301]);
  expect(answers[0]?.headers.get('location')).toBe('/inbox');
  await inbox.form('behaviour', { mode: 'off' });
  expect((await deliver()).status).toBe(204);
});

test.each([{ mode: 'hang' }, { mode: 'reset' }, { mode: 'delay', delayMs: 60_000 }])(
  'with %o the answer is lost but not the message, so it comes twice',
  async (behaviour) => {
    await inbox.tell('behaviour', { ...behaviour, requests: 1 });
    inbox.platform.patienceMs = 500;
    await expect(deliver()).rejects.toThrow();
    inbox.platform.patienceMs = 10_000;
    await eventually(async () => expect((await inbox.messages()).data).toHaveLength(1));
    expect((await deliver()).status).toBe(204);
    expect((await inbox.messages()).data).toMatchObject([{ receivedCount: 2 }]);
  },
);

test('a late answer is an answer', async () => {
  await inbox.tell('behaviour', { mode: 'delay', delayMs: 50 });
  const startedAt = performance.now();
  expect((await deliver()).status).toBe(204);
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(49);
});

test('nonsense is refused by field, for programs and for people', async () => {
  const response = await inbox.tell('behaviour', { mode: 'status', status: 'teapot' });
  expect([response.status, await response.json()]).toEqual([
    422,
    expect.objectContaining({ errors: [expect.objectContaining({ field: 'status' })] }),
  ]);
  const page = await inbox.form('behaviour', { mode: 'explode' });
  expect([page.status, page.headers.get('content-type')]).toEqual([422, 'text/html; charset=utf-8']);
});

test('requests that hang or wait do not hold up a stop', async () => {
  const leaving = await InboxFixture.start();
  await leaving.tell('connect');
  await leaving.tell('behaviour', { mode: 'hang', requests: 1 });
  leaving.platform.patienceMs = 500;
  await expect(leaving.platform.deliver('evt_1', EVENT)).rejects.toThrow();
  await leaving.stop();
});
