import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { Webhook } from 'standardwebhooks';
import { Receiver } from '../../support/receiver.js';

const SECRET = 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=';
let receiver: Receiver;

beforeAll(async () => {
  receiver = await Receiver.start({ secret: SECRET });
});
beforeEach(() => {
  receiver.requests.length = 0;
});
afterAll(async () => {
  await receiver.stop();
});

test('it records the bytes, the headers in their case and order, and whether the signature holds', async () => {
  const body = '{"type":"a.b","timestamp":"2026-11-22T04:00:00.000Z","data":{"é":1}}';
  const now = new Date();
  const signature = new Webhook(SECRET).sign('msg_1', now, body);
  const signed = { 'webhook-id': 'msg_1', 'webhook-timestamp': String(Math.floor(now.getTime() / 1000)) };
  await fetch(receiver.url, { method: 'POST', body, headers: { ...signed, 'webhook-signature': signature } });
  await fetch(receiver.url, {
    method: 'POST',
    body: `${body} `,
    headers: { ...signed, 'webhook-signature': signature },
  });
  const [genuine, forged] = await receiver.receives(2);
  expect(genuine).toMatchObject({ isVerified: true, isChallenge: false, body: Buffer.from(body) });
  expect(genuine?.rawHeaders).toContainEqual(['webhook-id', 'msg_1']);
  expect(forged?.isVerified).toBe(false);
});

test('it proves knowledge of the secret as the native handshake asks', async () => {
  const data = { subscription_id: 'sub_2KWPBgLlAfxdpx2AI54pPJ85f4W', challenge: 'Zq3tN8yQbR5vX0wLk7Jd2A' };
  const body = JSON.stringify({ type: 'webhook.challenge', timestamp: '2026-11-22T04:00:00.000Z', data });
  const response = await fetch(receiver.url, { method: 'POST', body });
  expect(await response.json()).toEqual({
    challenge: data.challenge,
    response: 'J4/nlQI/K08oKj4pqVB5UkxZZVqPYptJvJJiro6cSD8=',
  });
  expect(receiver.deliveries).toEqual([]);
});

test('it follows its plan, the last step stays, and a reset is a reset', async () => {
  receiver.behave(500, { status: 302, headers: { location: '/elsewhere' } }, { reset: true });
  const post = (): Promise<Response> =>
    fetch(receiver.url, { method: 'POST', body: '{}', redirect: 'manual' });
  expect((await post()).status).toBe(500);
  expect((await post()).headers.get('location')).toBe('/elsewhere');
  await expect(post()).rejects.toThrow('fetch failed');
  await expect(post()).rejects.toThrow('fetch failed');
});

test('stopped it refuses connections, and comes back on the same port', async () => {
  const { url } = receiver;
  await receiver.stop();
  await expect(fetch(url)).rejects.toThrow('fetch failed');
  await receiver.restart();
  receiver.behave(204);
  expect(receiver.url).toBe(url);
  expect((await fetch(url)).status).toBe(204);
});
