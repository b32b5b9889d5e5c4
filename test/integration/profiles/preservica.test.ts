import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Webhook } from 'standardwebhooks';
import { Engine } from '../deliveries/engine.js';
import { SECRET, subscribe, unsubscribe, uuidOfEvent } from './spoken.js';
import { headerOf, OK, parted, payloadOf, WireReceiver } from './wire-receiver.js';

let engine: Engine;
let receiver: WireReceiver;
let subscriptionId: string;
beforeAll(async () => {
  [engine, receiver] = await Promise.all([Engine.start(), WireReceiver.start()]);
  const profileConfig = { trigger: 'FULL_TEXT_INDEXED', tenant: 'BRAMA', version: '6.10' };
  const choice = { profile: 'preservica', profileConfig, url: receiver.url };
  subscriptionId = await subscribe(engine, { ...choice, scheduleSeconds: [0, 0] });
});
afterAll(async () => {
  await unsubscribe(engine, subscriptionId);
  await Promise.all([receiver.stop(), engine.stop()]);
});

interface Body {
  readonly timestamp: string;
}
const bodyOf = (request = ''): Body => JSON.parse(payloadOf(request).toString('latin1')) as Body;

test('a delivery is one chunk of ASCII, with its signature in the one spelling that its receivers look for', async () => {
  receiver.answer(OK);
  const data = { id: 'ent_1', name: 'Zoë', message: '日本 😀' };
  const { id } = await engine.publish({ data, timestamp: '2023-10-11T10:52:42.469Z' });
  const [request = ''] = await receiver.receives(1);
  const body = payloadOf(request);
  expect(body.toString('latin1')).toBe(
    `{"subscriptionId":"${subscriptionId.replaceAll('-', '')}","timestamp":"2023-10-11T10:52:42.469","tenant":"BRAMA",` +
      '"version":"6.10","events":[{"event":"FullTextIndexed","entityType":"IO","entityRef":"ent_1","identifiers":[]}],' +
      '"trigger":"FULL_TEXT_INDEXED"}',
  );
  const signature = createHmac('sha256', SECRET).update('preservica-webhook-auth').update(body).digest('hex');
  expect(headerOf(request, 'Preservica-Signature')).toBe(signature);
  expect(headerOf(request, 'Transfer-Encoding')).toBe('chunked');
  expect(headerOf(request, 'Content-Type')).toBe('application/json');
  expect(parted(request).head).not.toMatch(/content-length/i);
  expect(parted(request).body).toBe(`${body.length.toString(16)}\r\n${body.toString('latin1')}\r\n0\r\n\r\n`);
  const standard = ['id', 'timestamp', 'signature'].map((name) => `webhook-${name}`);
  const headers = Object.fromEntries(standard.map((name) => [name, headerOf(request, name) ?? '']));
  expect(new Webhook(SECRET).verify(body.toString(), headers)).toBeTruthy();
  await engine.settled(id, 'delivered');
});

test.each(['close', 'reset'] as const)(
  'a receiver that answers nothing (%s) is tried again, with the same bytes, the same time in them and the same signature',
  async (silence) => {
    receiver.answer(silence, OK);
    const { id } = await engine.publish();
    const delivery = await engine.settled(id, 'delivered');
    expect(delivery.attempts.map(({ errorType }) => errorType)).toEqual(['no_response', null]);
    const [first = '', second = ''] = receiver.requests;
    expect(payloadOf(second).equals(payloadOf(first))).toBe(true);
    expect(headerOf(second, 'Preservica-Signature')).toBe(headerOf(first, 'Preservica-Signature'));
    expect(headerOf(second, 'webhook-id')).toBe(headerOf(first, 'webhook-id'));
  },
);

test('events of one millisecond get times of their own, since receivers drop what has the time of another', async () => {
  receiver.answer(OK);
  const timestamp = '2026-11-22T04:00:00.123Z';
  const published = await Promise.all(Array.from({ length: 12 }, () => engine.publish({ timestamp })));
  const requests = await receiver.receives(12);
  const times = requests.map((request) => bodyOf(request).timestamp);
  expect(new Set(times).size).toBe(12);
  for (const time of times) expect(time).toMatch(/^2026-11-22T04:00:00\.1[23]\d$/);
  await Promise.all(published.map(({ id }) => engine.settled(id, 'delivered')));
});

test('success is decided on the status line, while the body is still awaited', async () => {
  receiver.answer({ text: 'HTTP/1.0 200 OK\r\n\r\n', thenHold: true });
  const { id } = await engine.publish();
  const { attempts } = await engine.settled(id, 'delivered');
  expect(attempts).toMatchObject([{ outcome: 'delivered', responseStatus: 200 }]);
  const [{ timings }] = attempts as unknown as [{ timings: { firstByteMs: number; totalMs: number } }];
  expect(timings.firstByteMs).toBeLessThan(1000);
  expect(timings.totalMs).toBeLessThan(1000);
});

test('the time of an event in a subscription is kept', async () => {
  receiver.answer(OK);
  const { id, timestamp } = await engine.publish();
  await engine.settled(id, 'delivered');
  const rows = await engine.db.query<{ moment: Date }>(
    'SELECT moment FROM event_moment WHERE event_id = $1 AND subscription_id = $2',
    [uuidOfEvent(id), subscriptionId],
  );
  expect(rows.map(({ moment }) => moment.toISOString())).toEqual([timestamp]);
});
