import { afterAll, beforeAll, expect, test } from 'vitest';
import { ApiFixture } from '../api/api-fixture.js';
import { addressOf, facadeOperations, type Operation } from '../api/operations.js';

let api: ApiFixture;
let operations: Operation[];
beforeAll(async () => {
  api = await ApiFixture.start();
  operations = await facadeOperations(api);
});
afterAll(() => api.stop());

/** A login is how one gets in; a topic is for whoever has its URL, and so is the hub. */
const OPEN = [
  'GET /topics/{token}',
  'POST /api/accesstoken/acquire-external',
  'POST /api/accesstoken/login',
  'POST /hub',
];

test('only logging in and the hub are open to everyone', () => {
  const open = operations.filter(({ isPublic }) => isPublic).map(({ method, path }) => `${method} ${path}`);
  expect(open.toSorted()).toEqual(OPEN);
  expect(operations.length).toBeGreaterThanOrEqual(11);
});

test.each([
  ['nothing', null],
  ['an unknown key', `bhk_${'A'.repeat(49)}`],
  ['a text that is no key', 'Bearer Bearer'],
])('every other operation refuses %s before it looks at anything', async (_name, key) => {
  for (const operation of operations.filter(({ isPublic }) => !isPublic)) {
    const body = operation.method === 'GET' ? {} : { body: {} };
    const answer = await api.call(operation.method, addressOf(operation), { key, ...body });
    // A client of Preservica would log in again and again on a 401.
    expect(answer.status, operation.id).toBe(operation.path.startsWith('/api/') ? 403 : 401);
  }
});

test("a key of ours is no token of Preservica's", async () => {
  for (const operation of operations.filter(({ path, isPublic }) => path.startsWith('/api/') && !isPublic)) {
    const body = operation.method === 'GET' ? {} : { body: {} };
    const answer = await api.call(operation.method, addressOf(operation), body);
    expect(answer.status, operation.id).toBe(403);
  }
});
