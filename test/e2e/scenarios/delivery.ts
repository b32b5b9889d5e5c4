import { describe, expect, test } from 'vitest';
import type { DeliveryView, ProblemView, SubscriptionView } from '../../support/api-client.js';
import { eventually } from '../../support/eventually.js';
import { newSecret, type Stage } from '../modes.js';

export function deliveryScenarios(stage: Stage): void {
  describe('an event and its subscriber', () => {
    test('who proved to know the secret gets the event signed, once, and the log shows the attempt', async () => {
      const { receiver, type, subscriptionId } = await stage.subscribed();
      const eventId = await stage.api.publish(type, { greeting: 'Zoë 😀' });
      const [request] = await receiver.receives(1);
      expect(request).toMatchObject({ method: 'POST', isVerified: true });
      expect(JSON.parse(request?.body.toString() ?? '')).toMatchObject({
        type,
        data: { greeting: 'Zoë 😀' },
      });
      const delivery = await settled(stage, subscriptionId);
      expect(delivery).toMatchObject({ eventId, status: 'delivered', nextAttemptAt: null });
      expect(delivery.attempts).toMatchObject([{ number: 1, responseStatus: 200, errorType: null }]);
      expect(receiver.deliveries).toHaveLength(1);
    });

    test('who echoes the challenge gets a secret, shown once, that verifies', async () => {
      const type = await stage.eventType();
      const receiver = await stage.receiver({ proof: 'echo' });
      const created = await stage.api.subscribe({ url: receiver.url, eventTypes: [type] });
      expect(created).toMatchObject({ status: 'active', secret: expect.stringMatching(/^whsec_/) as string });
      const again = await stage.api.call<SubscriptionView>('GET', `/v1/subscriptions/${created.id}`);
      expect(again.body.secret).toBeUndefined();
      receiver.secret = created.secret ?? null;
      await stage.api.publish(type, { n: 1 });
      expect(await receiver.receives(1)).toMatchObject([{ isVerified: true }]);
    });

    test('who fails the challenge is told the steps, and nothing is stored', async () => {
      const type = await stage.eventType();
      const receiver = await stage.receiver({ proof: 'wrong' });
      const fields = { url: receiver.url, eventTypes: [type], secret: newSecret() };
      const refused = await stage.api.call<ProblemView & { handshake: { steps: unknown[] } }>(
        'POST',
        '/v1/subscriptions',
        { body: fields },
      );
      expect(refused).toMatchObject({ status: 422, body: { code: 'challenge_failed' } });
      expect(refused.headers.get('content-type')).toContain('application/problem+json');
      expect(refused.body.handshake.steps.length).toBeGreaterThan(0);
      const { body } = await stage.api.call<{ data: SubscriptionView[] }>(
        'GET',
        '/v1/subscriptions?limit=100',
      );
      expect(body.data.filter(({ url }) => url === receiver.url)).toEqual([]);
      await stage.api.publish(type, {});
      expect(receiver.deliveries).toEqual([]);
    });

    test('after 500 and 500 a 200 ends it: three attempts, one id, the same bytes, fresh signatures', async () => {
      const { receiver, type, subscriptionId } = await stage.subscribed({
        retry: { scheduleSeconds: [1, 1, 1] },
      });
      receiver.behave(500, 500, 200);
      await stage.api.publish(type, { n: 1 });
      const requests = await receiver.receives(3);
      expect(new Set(requests.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
      expect(new Set(requests.map(({ body }) => body.toString())).size).toBe(1);
      expect(requests.every(({ isVerified }) => isVerified)).toBe(true);
      const delivery = await settled(stage, subscriptionId);
      expect(delivery.attempts).toMatchObject([
        { number: 1, responseStatus: 500 },
        { number: 2, responseStatus: 500 },
        { number: 3, responseStatus: 200 },
      ]);
    });

    test('the same Idempotency-Key publishes once, and another body under it is refused', async () => {
      const { receiver, type } = await stage.subscribed();
      const headers = { 'Idempotency-Key': `key-${type}` };
      const first = await stage.api.publish(type, { n: 1 }, headers);
      const second = await stage.api.publish(type, { n: 1 }, headers);
      expect(second).toBe(first);
      const other = await stage.api.call<ProblemView>('POST', '/v1/events', {
        body: { type, data: { n: 2 } },
        headers,
      });
      expect(other.status).toBe(422);
      await stage.api.publish(type, { n: 'last' });
      const requests = await receiver.receives(2);
      const data = requests.map(
        ({ body }) => (JSON.parse(body.toString()) as { data: { n: unknown } }).data.n,
      );
      expect(new Set(data)).toEqual(new Set([1, 'last']));
    });

    test('a batch with one bad event accepts the good ones and says which failed', async () => {
      const { receiver, type } = await stage.subscribed();
      const events = [
        { type, data: { n: 0 } },
        { type: 'not a type', data: {} },
        { type, data: { n: 2 } },
      ];
      const answer = await stage.api.call<{ data: { id?: string; code?: string }[] }>(
        'POST',
        '/v1/events/batch',
        {
          body: { events },
        },
      );
      expect(answer.status).toBe(202);
      expect(answer.body.data.map(({ id }) => id !== undefined)).toEqual([true, false, true]);
      await receiver.receives(2);
    });
  });
}

/** The one delivery of a subscription, once it has reached its end. */
function settled(stage: Stage, subscriptionId: string): Promise<DeliveryView> {
  return eventually(async () => {
    const [delivery] = await stage.api.deliveries(`subscriptionId=${subscriptionId}`);
    expect(delivery?.status).not.toBe('pending');
    return stage.api.delivery(delivery?.id ?? '');
  });
}
