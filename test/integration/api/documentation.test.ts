import { afterAll, beforeAll, expect, test } from 'vitest';
import { PROBLEMS } from '../../../apps/api/src/docs/problems.js';
import { answeredProblems } from '../../e2e/docs/code-words.js';
import { ApiFixture } from './api-fixture.js';
import { documentedOperations, type OpenApiDocument } from './operations.js';

let api: ApiFixture;
beforeAll(async () => {
  api = await ApiFixture.start();
});
afterAll(() => api.stop());

/** The operations of the contract; to take one away breaks somebody's program. */
const CONTRACT = [
  'POST /v1/events',
  'POST /v1/events/batch',
  'GET /v1/events',
  'GET /v1/events/feed',
  'GET /v1/events/{id}',
  'GET /v1/event-types',
  'POST /v1/event-types',
  'GET /v1/event-types/{name}',
  'PATCH /v1/event-types/{name}',
  'DELETE /v1/event-types/{name}',
  'GET /v1/subscriptions',
  'POST /v1/subscriptions',
  'GET /v1/subscriptions/{id}',
  'PATCH /v1/subscriptions/{id}',
  'DELETE /v1/subscriptions/{id}',
  'POST /v1/subscriptions/{id}/verify',
  'POST /v1/subscriptions/{id}/rotate-secret',
  'POST /v1/subscriptions/{id}/pause',
  'POST /v1/subscriptions/{id}/resume',
  'POST /v1/subscriptions/{id}/test',
  'GET /v1/deliveries',
  'GET /v1/deliveries/{id}',
  'POST /v1/deliveries/{id}/retry',
  'GET /v1/admin/deliveries',
  'GET /v1/admin/overview',
  'GET /v1/admin/reconciliation',
  'POST /v1/admin/reconciliation/repair',
  'GET /v1/admin/tenants',
  'POST /v1/admin/tenants',
  'GET /v1/admin/api-keys',
  'POST /v1/admin/api-keys',
  'DELETE /v1/admin/api-keys/{id}',
  'GET /health/live',
  'GET /health/ready',
];

test('the document names every operation of the contract', async () => {
  const operations = await documentedOperations(api);
  const names = operations.map(({ method, path: address }) => `${method} ${address}`);
  expect(names).toEqual(expect.arrayContaining(CONTRACT));
});

test('everything that the document refers to is in it', async () => {
  const document = await api.call('GET', '/openapi.json', { key: null });
  const { components } = document.json<OpenApiDocument>();
  const names = [...document.text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(
    ([, name]) => name ?? '',
  );
  expect(names.length).toBeGreaterThan(30);
  for (const name of new Set(names)) expect(Object.keys(components.schemas)).toContain(name);
});

test('an answer has exactly the fields that the document names', async () => {
  const { components } = (await api.call('GET', '/openapi.json', { key: null })).json<OpenApiDocument>();
  const subscription = await api.call('POST', '/v1/subscriptions', {
    body: { url: 'http://127.0.0.1:9/', eventTypes: ['*'], verify: 'later' },
  });
  const event = await api.call('POST', '/v1/events', { body: { type: 'guestbook.entry.created', data: {} } });
  const shown = await api.call('GET', `/v1/events/${event.json<{ id: string }>().id}`);
  const fieldsOf = (schema: string): string[] =>
    Object.keys(components.schemas[schema]?.properties ?? {}).toSorted();
  const keysOf = (body: object): string[] => Object.keys(body).toSorted();
  expect(keysOf(subscription.json())).toEqual(fieldsOf('SubscriptionWithSecretDto'));
  expect(keysOf(event.json())).toEqual(fieldsOf('AcceptedEventDto'));
  expect(keysOf(shown.json())).toEqual(fieldsOf('EventDetailDto'));
  expect(keysOf((await api.call('GET', '/v1/admin/overview')).json())).toEqual(fieldsOf('OverviewDto'));
  const reconciliation = await api.call('GET', '/v1/admin/reconciliation');
  expect(keysOf(reconciliation.json())).toEqual(fieldsOf('ReconciliationDto'));
});

test('the type of a problem leads to a page that explains it', async () => {
  const problem = await api.call('GET', '/v1/events', { key: null });
  const page = await api.call('GET', problem.json<{ type: string }>().type, { key: null });
  expect(page.status).toBe(200);
  expect(page.text).toContain('<h1>unauthorized</h1>');
  expect((await api.call('GET', '/docs/problems', { key: null })).text).toContain('challenge_failed');
  expect((await api.call('GET', '/docs/problems/%3Cscript%3E', { key: null })).text).not.toContain(
    '<script>',
  );
});

test('every code that a process can answer with is explained, under its status', () => {
  const explained = PROBLEMS.map(({ status, code }) => `${status} ${code}`);
  expect(new Set(PROBLEMS.map(({ code }) => code)).size).toBe(PROBLEMS.length);
  const answered = answeredProblems().map(([kind, code]) => `${STATUS[kind]} ${code}`);
  expect(answered).toEqual(expect.arrayContaining(['404 entry_not_found', '401 not_connected']));
  expect(answered.filter((problem) => !explained.includes(problem))).toEqual([]);
});

test('every code has a page', async () => {
  for (const { code } of PROBLEMS) {
    expect((await api.call('GET', `/docs/problems/${code}`, { key: null })).status).toBe(200);
  }
});

const STATUS: Readonly<Record<string, number>> = {
  malformed: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  precondition_failed: 412,
  too_large: 413,
  invalid: 422,
  rate_limited: 429,
  unavailable: 503,
};
