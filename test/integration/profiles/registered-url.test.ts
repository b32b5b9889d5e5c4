import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Engine } from '../deliveries/engine.js';
import { SECRET, subscribe, unsubscribe } from './spoken.js';
import { headerOf, OK, parted, WireReceiver } from './wire-receiver.js';

let engine: Engine;
let receiver: WireReceiver;
beforeAll(async () => {
  [engine, receiver] = await Promise.all([Engine.start(), WireReceiver.start()]);
});
afterAll(() => Promise.all([receiver.stop(), engine.stop()]));

const sum = (algorithm: string, text: string): string =>
  createHmac(algorithm, SECRET).update(text).digest('base64');
const TEMPLATE = { header: 'X-Sum', encoding: 'base64', template: '{url} {body}' };

test.each([
  [{ profile: 'trello' }, 'X-Trello-Webhook', (body: string, url: string) => sum('sha1', body + url)],
  [
    { profile: 'custom-hmac', profileConfig: TEMPLATE },
    'X-Sum',
    (body: string, url: string) => sum('sha256', `${url} ${body}`),
  ],
])('%j signs the URL to the letter as it was subscribed', async (choice, header, signatureOf) => {
  receiver.answer(OK);
  const registered = `${receiver.url.replace('http:', 'HTTP:').replace('/in', '/a/../in')}?x=%7e#top`;
  const id = await subscribe(engine, { ...choice, url: registered });
  await engine.publish();
  const [sent = ''] = await receiver.receives(1);
  expect(sent).toMatch(/^POST \/in\?x=%7e HTTP/);
  expect(headerOf(sent, header)).toBe(signatureOf(parted(sent).body, registered));
  await unsubscribe(engine, id);
});
