import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { DEFAULT_TENANT_ID } from '#libs/kernel';
import { MessageBroker, QUEUES } from '#libs/messaging';
import { eventuallyGives } from '../../support/eventually.js';
import { Engine } from './engine.js';

let engine: Engine;
beforeAll(async () => {
  engine = await Engine.start();
  await engine.subscribe({ scheduleSeconds: [0, 0] });
});
afterAll(() => engine.stop());
beforeEach(() => {
  engine.receiver.requests.length = 0;
  engine.receiver.behave(200);
});

test('an accepted event is posted, signed, and its attempt is in the log', async () => {
  const accepted = await engine.publish({ data: { name: 'Zoë', n: 1 } });
  expect(accepted).toMatchObject({ type: 'guestbook.entry.created', deliveries: 1 });
  const [request] = await engine.receiver.receives(1);
  expect(request).toMatchObject({ method: 'POST', isVerified: true });
  expect(request?.headers).toMatchObject({ 'webhook-id': accepted.id, 'content-type': 'application/json' });
  expect(JSON.parse(request?.body.toString() ?? '')).toEqual({
    type: 'guestbook.entry.created',
    timestamp: accepted.timestamp,
    data: { name: 'Zoë', n: 1 },
  });
  const delivery = await engine.settled(accepted.id, 'delivered');
  expect(delivery.attempts).toMatchObject([
    { number: 1, outcome: 'delivered', responseStatus: 200, errorType: null },
  ]);
  expect(delivery.next).toBe('Nothing: it was delivered at attempt 1.');
});

test('the bytes of data are stored and sent as they came', async () => {
  const body = Buffer.from('{"type":"guestbook.entry.created","data":{ "n":12345678901234567890, "m":1.0 }}');
  const { EventPublishing } = await import('#libs/deliveries');
  const publishing = engine.app.get(EventPublishing);
  await publishing.publishOne({
    tenantId: DEFAULT_TENANT_ID,
    rawBody: body,
    body: JSON.parse(body.toString()),
  });
  const [request] = await engine.receiver.receives(1);
  expect(request?.body.toString()).toContain('"data":{ "n":12345678901234567890, "m":1.0 }');
});

test('a failing receiver gets the same bytes again, newly signed, until it takes them', async () => {
  engine.receiver.behave(500, 503, 200);
  const { id } = await engine.publish();
  const delivery = await engine.settled(id, 'delivered');
  expect(
    delivery.attempts.map(({ number, responseStatus, errorType }) => [number, responseStatus, errorType]),
  ).toEqual([
    [1, 500, 'status_5xx'],
    [2, 503, 'status_5xx'],
    [3, 200, null],
  ]);
  const requests = engine.receiver.deliveries;
  expect(new Set(requests.map(({ body }) => body.toString())).size).toBe(1);
  expect(new Set(requests.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([id]));
  expect(requests.every(({ isVerified }) => isVerified === true)).toBe(true);
});

test('when the schedule is over the delivery stays visible, and a retry sends it', async () => {
  const { DeliveryRetry } = await import('#libs/deliveries');
  engine.receiver.behave(500);
  const { id } = await engine.publish();
  const exhausted = await engine.settled(id, 'exhausted');
  expect(exhausted).toMatchObject({ attemptCount: 3, reason: 'schedule_over', nextAttemptAt: null });
  engine.receiver.behave(200);
  await engine.app.get(DeliveryRetry).retry(DEFAULT_TENANT_ID, exhausted.id);
  expect(await engine.settled(id, 'delivered')).toMatchObject({ attemptCount: 4 });
});

test('a redirect is a failure and is not followed', async () => {
  engine.receiver.behave({ status: 302, headers: { location: `${engine.receiver.url}/elsewhere` } }, 200);
  const { id } = await engine.publish();
  const { attempts } = await engine.settled(id, 'delivered');
  expect(attempts[0]).toMatchObject({
    responseStatus: 302,
    errorType: 'redirect_not_followed',
    outcome: 'retryable',
  });
  expect(engine.receiver.deliveries.every(({ path }) => path === '/hook')).toBe(true);
});

test('Retry-After moves the next attempt, and the log says when and why', async () => {
  engine.receiver.behave({ status: 429, headers: { 'retry-after': '7' } });
  const { id } = await engine.publish();
  const delivery = await eventuallyGives(async () => {
    const [found] = await engine.deliveriesOf(id);
    return found?.attemptCount === 1 ? found : null;
  });
  const waitMs = Date.parse(delivery.nextAttemptAt ?? '') - Date.parse(delivery.attempts[0]?.startedAt ?? '');
  expect(waitMs).toBeGreaterThanOrEqual(7000);
  expect(delivery.attempts[0]).toMatchObject({ errorType: 'rate_limited', retryAfterMs: 7000 });
  expect(delivery.next).toMatch(/^Attempt 2 is due at .+, because attempt 1 failed \(rate_limited\)\.$/);
});

test('a payload too large to travel in messages arrives whole', async () => {
  const text = 'é'.repeat(100_000);
  const { id } = await engine.publish({ data: { text } });
  await engine.settled(id, 'delivered');
  const body = JSON.parse(engine.receiver.deliveries[0]?.body.toString() ?? '') as { data: { text: string } };
  expect(body.data.text).toBe(text);
});

test('an event that comes as JSON over the broker takes the same path', async () => {
  const body = Buffer.from(JSON.stringify({ type: 'guestbook.entry.deleted', data: { over: 'broker' } }));
  await engine.app.get(MessageBroker).publish(QUEUES.events, body);
  const [request] = await engine.receiver.receives(1);
  expect(request?.body.toString()).toContain('"data":{"over":"broker"}');
});

test('a body of 16 KiB and more is cut in the log, and the attempt counts', async () => {
  engine.receiver.behave({ status: 200, body: 'x'.repeat(100_000) });
  const { id } = await engine.publish();
  const { attempts } = await engine.settled(id, 'delivered');
  expect(attempts[0]?.responseBody?.length).toBe(16 * 1024);
  expect(attempts[0]?.responseBodyTruncated).toBe(true);
});
