import { createHmac } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { DeliveryRetry } from '#libs/deliveries';
import { DEFAULT_TENANT_ID } from '#libs/kernel';
import { SubscriptionDirectory, SubscriptionsService } from '#libs/subscriptions';
import { eventually } from '../../support/eventually.js';
import { Engine } from '../deliveries/engine.js';
import { OPERATOR, SECRET, subscribe, unsubscribe } from './spoken.js';
import { headerOf, OK, parted, payloadOf, WireReceiver } from './wire-receiver.js';

const FAILED = { text: 'HTTP/1.1 500 No\r\nConnection: close\r\nContent-Length: 0\r\n\r\n' };
const NEW_SECRET = 'whsec_HxAREhMUFRYXGBkaGxwdHh8AAQIDBAUGBwgJCgsMDQ4=';

let engine: Engine;
let receiver: WireReceiver;
let id: string;
beforeAll(async () => {
  [engine, receiver] = await Promise.all([Engine.start(), WireReceiver.start()]);
});
afterEach(() => unsubscribe(engine, id));
afterAll(() => Promise.all([receiver.stop(), engine.stop()]));

const service = (): SubscriptionsService => engine.app.get(SubscriptionsService);
const refresh = (): Promise<unknown> => engine.app.get(SubscriptionDirectory).refresh();

async function patch(change: Parameters<SubscriptionsService['patch']>[1]): Promise<void> {
  await service().patch({ ...OPERATOR, id }, change);
  await refresh();
}

/** Tries the only delivery of an event again, once its attempts so far are recorded. */
async function retryAfter(attempts: number, eventId: string): Promise<void> {
  await eventually(async () =>
    expect((await engine.deliveriesOf(eventId))[0]?.attempts).toHaveLength(attempts),
  );
  const [delivery] = await engine.deliveriesOf(eventId);
  await engine.app.get(DeliveryRetry).retry(DEFAULT_TENANT_ID, delivery?.id ?? '');
  await receiver.receives(attempts + 1);
}

/** What the standard profile signs with this secret. */
function standardSignature(request: string, secret: string): string {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const signed = `${headerOf(request, 'webhook-id')}.${headerOf(request, 'webhook-timestamp')}.`;
  return `v1,${createHmac('sha256', key).update(signed).update(payloadOf(request)).digest('base64')}`;
}

const namesOf = (request: string): string[] =>
  parted(request)
    .head.split('\r\n')
    .slice(1)
    .map((line) => line.split(':')[0] ?? '')
    .filter((name) => name !== 'webhook-attempt');

test('a delivery stays as it was accepted, whatever profiles follow, and is signed with the secrets of now', async () => {
  id = await subscribe(engine, { url: receiver.url, profile: 'standard', scheduleSeconds: [3600, 3600] });
  receiver.answer(FAILED, FAILED, OK);
  const old = await engine.publish();
  await receiver.receives(1);
  await patch({ profile: 'github' });
  await retryAfter(1, old.id);
  await patch({ profile: 'guestbook-flat' });
  await service().rotateSecret({ tenantId: DEFAULT_TENANT_ID, id, secret: NEW_SECRET, overlapSeconds: 0 });
  await refresh();
  await retryAfter(2, old.id);
  const [first = '', second = '', third = ''] = receiver.requests;
  for (const again of [second, third]) {
    expect(payloadOf(again)).toEqual(payloadOf(first));
    expect(namesOf(again)).toEqual(namesOf(first));
    expect(headerOf(again, 'webhook-id')).toBe(headerOf(first, 'webhook-id'));
  }
  expect(headerOf(second, 'webhook-signature')).toBe(standardSignature(second, SECRET));
  expect(headerOf(third, 'webhook-signature')).toBe(standardSignature(third, NEW_SECRET));
  await engine.publish();
  const fresh = (await receiver.receives(4))[3] ?? '';
  expect(JSON.parse(payloadOf(fresh).toString())).toMatchObject({ name: 'Ada', comment: '' });
  expect(JSON.parse(payloadOf(first).toString())).toHaveProperty('data.name', 'Ada');
});

test('each of many changes counts for what came before it, and no more are taken than are kept', async () => {
  const choice = (place: number) => ({ profileConfig: { header: `X-Sum-${place}` } });
  id = await subscribe(engine, { url: receiver.url, profile: 'custom-hmac', ...choice(0) });
  await service().pause({ tenantId: DEFAULT_TENANT_ID, id });
  await refresh();
  receiver.answer(OK);
  for (let place = 0; place <= 10; place += 1) {
    // Nothing is accepted under the first of the two, so that it is not kept.
    if (place > 0) await patch(choice(place + 100));
    if (place > 0) await patch(choice(place));
    await engine.publish({ data: { place } });
  }
  await expect(patch(choice(11))).rejects.toMatchObject({
    code: 'too_many_profile_changes',
    kind: 'conflict',
  });
  await service().resume({ tenantId: DEFAULT_TENANT_ID, id });
  await refresh();
  const requests = await receiver.receives(11);
  const places = requests.map(
    (one) => (JSON.parse(payloadOf(one).toString()) as { data: { place: number } }).data.place,
  );
  expect(places.toSorted((one, other) => one - other)).toEqual(
    Array.from({ length: 11 }, (_, place) => place),
  );
  requests.forEach((one, at) => expect(headerOf(one, `X-Sum-${places[at]}`)).toBeDefined());
  await eventually(() => patch(choice(11)));
});
