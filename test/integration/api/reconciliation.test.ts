import { afterAll, beforeAll, expect, test } from 'vitest';
import { Database } from '#libs/database';
import { DEFAULT_TENANT_ID, newId, toTypeId } from '#libs/kernel';
import { ApiFixture } from './api-fixture.js';

let api: ApiFixture;
beforeAll(async () => {
  api = await ApiFixture.start();
});
afterAll(() => api.stop());

/** An event that was accepted for some subscriptions, with no delivery for any of them. */
async function loseDeliveries(subscriptionIds: readonly string[]): Promise<string> {
  const id = newId();
  await api.app.get(Database, { strict: false }).query(
    `INSERT INTO event (id, tenant_id, type, occurred_at, accepted_at, data, subscription_ids)
       VALUES ($1, $2, 'guestbook.entry.created', now(), now() - interval '5 seconds', '{}', $3)`,
    [id, DEFAULT_TENANT_ID, subscriptionIds],
  );
  return toTypeId('evt', id);
}

test('before the first round nothing is known and nothing is wrong', async () => {
  const answer = await api.call('GET', '/v1/admin/reconciliation');
  expect(answer.status, answer.text).toBe(200);
  expect(answer.json()).toMatchObject({
    ranAt: null,
    balanced: true,
    totals: { accepted: 0, delivered: 0, pending: 0, exhausted: 0, discarded: 0 },
    subscriptions: [],
    differences: [],
    nextCursor: null,
  });
});

test('the repair answers with what it found and put right, and subscriptions come in pages', async () => {
  await api.app
    .get(Database, { strict: false })
    .query(
      `UPDATE reconciliation SET checked_until = date_trunc('milliseconds', now() - interval '1 minute')`,
    );
  const subscriptions = [newId(), newId(), newId()];
  const eventId = await loseDeliveries(subscriptions);
  const repaired = await api.call('POST', '/v1/admin/reconciliation/repair');
  expect(repaired.status, repaired.text).toBe(200);
  const { length } = subscriptions;
  expect(repaired.json()).toMatchObject({
    balanced: true,
    totals: { accepted: length, discarded: length },
    repaired: [{ kind: 'delivery_missing', count: length, sample: [{ eventId }, { eventId }, { eventId }] }],
  });
  const ids: string[] = [];
  let cursor = '';
  for (let page = 0; page < length; page += 1) {
    const answer = (await api.call('GET', `/v1/admin/reconciliation?limit=1${cursor}`)).json<{
      subscriptions: { subscriptionId: string }[];
      nextCursor: string | null;
    }>();
    ids.push(...answer.subscriptions.map(({ subscriptionId }) => subscriptionId));
    cursor = `&cursor=${answer.nextCursor}`;
  }
  expect(ids).toEqual(subscriptions.map((id) => toTypeId('sub', id)));
  expect(cursor).toBe('&cursor=null');
});
