import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { DeliveryRetry } from '#libs/deliveries';
import { DEFAULT_TENANT_ID } from '#libs/kernel';
import { Engine } from '../deliveries/engine.js';
import { subscribe, unsubscribe } from './spoken.js';
import { headerOf, OK, payloadOf, WireReceiver } from './wire-receiver.js';

const FAILED = { text: 'HTTP/1.1 500 No\r\nConnection: close\r\nContent-Length: 0\r\n\r\n' };

let engine: Engine;
let receiver: WireReceiver;
let subscription: string;
beforeAll(async () => {
  [engine, receiver] = await Promise.all([Engine.start(), WireReceiver.start()]);
});
afterEach(() => unsubscribe(engine, subscription));
afterAll(() => Promise.all([receiver.stop(), engine.stop()]));

/** An attempt that fails, its retry, and one more that somebody asks for. */
async function threeAttempts(profile: string): Promise<readonly string[]> {
  subscription = await subscribe(engine, { profile, url: receiver.url, scheduleSeconds: [0] });
  receiver.answer(FAILED, OK);
  const { id } = await engine.publish();
  const delivery = await engine.settled(id, 'delivered');
  await engine.app.get(DeliveryRetry).retry(DEFAULT_TENANT_ID, delivery.id);
  return receiver.receives(3);
}

test('a retry and a redelivery say which attempt they are, of the same id and the same bytes', async () => {
  const requests = await threeAttempts('standard');
  expect(requests.map((one) => headerOf(one, 'webhook-attempt'))).toEqual([undefined, '2', '3']);
  expect(new Set(requests.map((one) => headerOf(one, 'webhook-id'))).size).toBe(1);
  expect(new Set(requests.map((one) => payloadOf(one).toString())).size).toBe(1);
});

test('to receivers of Slack they say it as Slack does', async () => {
  const requests = await threeAttempts('slack');
  expect(requests.map((one) => headerOf(one, 'X-Slack-Retry-Num'))).toEqual([undefined, '1', '2']);
});

test('a format that has no place for it is left as it is', async () => {
  const requests = await threeAttempts('github');
  for (const request of requests) expect(request).not.toMatch(/attempt|retry/i);
  expect(new Set(requests.map((one) => headerOf(one, 'X-GitHub-Delivery'))).size).toBe(1);
});
