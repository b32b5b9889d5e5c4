import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Database } from '#libs/database';
import { ApiFixture } from './api-fixture.js';

const TOKEN = "let me in, it's (really) ~me!";
const STATE = 'state of the client';
const MASK = '•••';

let api: ApiFixture;
let receiver: Server;
const asked: string[] = [];
beforeAll(async () => {
  api = await ApiFixture.start();
  receiver = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? '/', 'http://x');
    asked.push(searchParams.get('hub.verify_token') ?? '');
    // An echo of everything would show a secret that it is sent.
    const echo = searchParams.get('hub.challenge') ?? searchParams.get('validationToken');
    if (echo !== null) return response.end(echo);
    request.pipe(response);
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  receiver.closeAllConnections();
  receiver.close();
  await api.stop();
});

const url = (): string => `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
const META = { profile: 'meta', profileConfig: { verifyToken: TOKEN, object: 'page' } };
const GRAPH = { profile: 'msgraph', profileConfig: { clientState: STATE, resource: 'entries' } };

async function subscribe(more: object): Promise<{ id: string; text: string }> {
  const made = await api.call('POST', '/v1/subscriptions', {
    body: { url: url(), eventTypes: ['*'], ...more },
  });
  expect(made.status, made.text).toBe(201);
  return { id: made.json<{ id: string }>().id, text: made.text };
}

const patch = (id: string, body: object) => api.call('PATCH', `/v1/subscriptions/${id}`, { body });

async function storedConfig(id: string): Promise<unknown> {
  const rows = await api.app
    .get(Database, { strict: false })
    .query<{ profile_config: unknown }>('SELECT profile_config FROM subscription ORDER BY id DESC LIMIT 1');
  expect(id).toMatch(/^sub_/);
  return rows[0]?.profile_config;
}

test.each([
  ['meta', META, 'verifyToken', TOKEN],
  ['msgraph', GRAPH, 'clientState', STATE],
])('what %s alone should know is shown in no answer and in no log', async (_profile, wish, name, secret) => {
  const { id, text } = await subscribe(wish);
  await api.call('POST', `/v1/subscriptions/${id}/verify`, { body: {} });
  await api.call('POST', `/v1/subscriptions/${id}/probe`, { body: {} });
  const patched = await patch(id, { profileConfig: { ...wish.profileConfig }, description: 'the same' });
  const one = await api.call('GET', `/v1/subscriptions/${id}`);
  expect(one.json<{ profileConfig: object }>().profileConfig).toMatchObject({ [name]: MASK });
  const places = ['/v1/subscriptions', `/v1/subscriptions/${id}/challenges`, '/v1/admin/audit-log'];
  const lists = await Promise.all(places.map((place) => api.call('GET', place)));
  for (const shown of [text, patched.text, ...[one, ...lists].map((answer) => answer.text)]) {
    for (const spelt of [
      secret,
      encodeURIComponent(secret),
      new URLSearchParams([['', secret]]).toString().slice(1),
    ])
      expect(shown).not.toContain(spelt);
  }
  expect(lists[1]?.text).toContain(MASK);
});

describe('a config that comes back as it was shown', () => {
  test('keeps what the mask stands for, and asks nobody again', async () => {
    const { id } = await subscribe(META);
    const before = asked.length;
    const shown = (await api.call('GET', `/v1/subscriptions/${id}`)).json<{ profileConfig: object }>();
    const answer = await patch(id, { profileConfig: shown.profileConfig, description: 'new' });
    expect(answer.json()).toMatchObject({ description: 'new', profileConfig: { verifyToken: MASK } });
    expect(await storedConfig(id)).toEqual(META.profileConfig);
    expect(asked).toHaveLength(before);
    await patch(id, { profileConfig: { ...shown.profileConfig, object: 'user' } });
    expect(await storedConfig(id)).toEqual({ ...META.profileConfig, object: 'user' });
    expect(asked.at(-1)).toBe(TOKEN);
  });

  test('changes what is given anew', async () => {
    const { id } = await subscribe(META);
    await patch(id, { profileConfig: { verifyToken: 'another' } });
    expect(await storedConfig(id)).toEqual({ verifyToken: 'another' });
    expect(asked.at(-1)).toBe('another');
  });

  test('is refused where the mask stands for nothing', async () => {
    const masked = { verifyToken: MASK, object: 'page' };
    const body = { url: url(), eventTypes: ['*'], profile: 'meta', profileConfig: masked };
    const refusal = { errors: [{ field: 'profileConfig.verifyToken' }] };
    expect((await api.call('POST', '/v1/subscriptions', { body })).json()).toMatchObject(refusal);
    const { id } = await subscribe(GRAPH);
    const changed = await patch(id, { profile: 'meta', profileConfig: masked });
    expect(changed.status).toBe(422);
    expect(changed.json()).toMatchObject(refusal);
  });
});

describe('a header of its own that its profile sets', () => {
  test.each([
    ['github', {}, 'X-Hub-Signature-256'],
    ['github', {}, 'x-github-event'],
    ['stripe', {}, 'STRIPE-signature'],
    ['slack', {}, 'X-Slack-Request-Timestamp'],
    ['custom-hmac', { header: 'X-My-Signature' }, 'x-my-signature'],
    ['cloudevents', { bearer: true }, 'authorization'],
    ['cloudevents', { mode: 'binary' }, 'ce-type'],
    ['okta', {}, 'Authorization'],
    ['okta', {}, 'X-Okta-Verification-Challenge'],
    ['asana', {}, 'X-Hook-Secret'],
    ['slack', {}, 'x-slack-retry-num'],
    ['swt', {}, 'Authorization'],
    ['mcs-s3', { project: 'a', bucket: 'b' }, 'x-amz-sns-message-type'],
  ])('%s %j: %s is refused by its name', async (profile, profileConfig, header) => {
    const wish = { url: url(), eventTypes: ['*'], profile, profileConfig, verify: 'later' };
    const refused = await api.call('POST', '/v1/subscriptions', {
      body: { ...wish, headers: { [header]: 'x' } },
    });
    expect(refused.status).toBe(422);
    expect(refused.json()).toMatchObject({ errors: [{ field: `headers.${header}` }] });
    const { id } = await subscribe(wish);
    const patched = await patch(id, { headers: { [header]: 'x' } });
    expect(patched.status).toBe(422);
    expect(patched.json()).toMatchObject({ errors: [{ field: `headers.${header}` }] });
  });

  test('is refused when the profile changes to one that sets it, or an add-on comes', async () => {
    const headers = { 'X-Hub-Signature-256': 'x', 'content-digest': 'y', Authorization: 'Bearer z' };
    const { id } = await subscribe({ headers, verify: 'later' });
    const names = async (change: object): Promise<unknown> =>
      (await patch(id, change)).json<{ errors: { field: string }[] }>().errors.map(({ field }) => field);
    expect(await names({ profile: 'github' })).toEqual(['headers.X-Hub-Signature-256']);
    expect(await names({ signers: ['rfc9421'] })).toEqual(['headers.content-digest']);
    expect((await patch(id, { profile: 'stripe' })).status).toBe(200);
  });

  test('is its own to set where another profile would', async () => {
    const headers = { Authorization: 'Bearer mine', 'X-Hub-Signature': 'x' };
    await subscribe({ profile: 'slack', headers, verify: 'later' });
  });
});
