import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Engine } from '../deliveries/engine.js';
import { subscribe } from './spoken.js';
import { headerOf, parted, WireReceiver, type WireAnswer } from './wire-receiver.js';

const APP_ID = 'PROTOCOL_TEST_APP';

let engine: Engine;
let receiver: WireReceiver;
beforeAll(async () => {
  [engine, receiver] = await Promise.all([Engine.start(), WireReceiver.start()]);
  const profileConfig = { appId: APP_ID, account: '593652' };
  const wish = { profile: 'kloudless', profileConfig, url: receiver.url, secret: 'KEY' };
  await subscribe(engine, { ...wish, scheduleSeconds: [0] });
});
afterAll(() => Promise.all([receiver.stop(), engine.stop()]));

const saying = (text: string, status = 200): WireAnswer => ({
  text: `HTTP/1.1 ${status} OK\r\nConnection: close\r\nContent-Length: ${text.length}\r\n\r\n${text}`,
});

test('a notification names the account and no more, signed with the API key', async () => {
  receiver.answer(saying(APP_ID));
  const { id } = await engine.publish();
  const [request = ''] = await receiver.receives(1);
  expect(parted(request).body).toBe('account=593652');
  expect(headerOf(request, 'Content-Type')).toBe('application/x-www-form-urlencoded');
  expect(headerOf(request, 'X-Kloudless-Signature')).toBe('g8nnbnRoQRB5kD+nHJGvzQuGsXFUtV79G/X7NW6Xunk=');
  expect(createHmac('sha256', 'KEY').update('account=593652').digest('base64')).toMatch(/^g8nn/);
  await engine.settled(id, 'delivered');
});

test('white space around the application id does not matter', async () => {
  receiver.answer(saying(`${APP_ID}\n`));
  const { id } = await engine.publish();
  await engine.settled(id, 'delivered');
});

test.each([
  ['ok', 200, 'unexpected_answer'],
  ['', 200, 'unexpected_answer'],
  [APP_ID, 201, 'unexpected_answer'],
  [APP_ID, 403, 'status_4xx'],
])('the answer %j with %i delivers nothing', async (text, status, errorType) => {
  receiver.answer(saying(text, status), saying(APP_ID));
  const { id } = await engine.publish();
  const { attempts } = await engine.settled(id, 'delivered');
  expect(attempts.map((attempt) => attempt.errorType)).toEqual([errorType, null]);
});
