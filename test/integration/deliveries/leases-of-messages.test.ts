import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { EventPublishing } from '#libs/deliveries';
import { DEFAULT_TENANT_ID, newId, toTypeId } from '#libs/kernel';
import { type MessageContent, MessageBroker } from '#libs/messaging';
import { Engine, uuidOf } from './engine.js';

interface Frame extends MessageContent {
  readonly leaseId: string;
  readonly deliveries: readonly { readonly event: { readonly id: string } }[];
}

let engine: Engine;
beforeAll(async () => {
  engine = await Engine.start();
});
afterAll(() => engine.stop());

/** What nobody takes out of the broker keeps its lease. */
async function publishedFrames(body: object): Promise<Frame[]> {
  const sent: Frame[] = [];
  const publish = vi
    .spyOn(engine.app.get(MessageBroker), 'publish')
    .mockImplementation(async (_, message) => {
      sent.push(message as Frame);
    });
  const rawBody = Buffer.from(JSON.stringify(body));
  await engine.app.get(EventPublishing).publishBatch({ tenantId: DEFAULT_TENANT_ID, rawBody, body });
  publish.mockRestore();
  return sent;
}

test('the row of a lease names every event of its message, whoever wants which of them', async () => {
  await engine.subscribe({ eventTypes: ['guestbook.entry.created'] });
  await engine.subscribe({ eventTypes: ['guestbook.*'] });
  await engine.subscribe({ eventTypes: ['guestbook.*'] });
  await engine.subscribe({ eventTypes: ['guestbook.*'], status: 'paused' });
  await engine.db.query(`INSERT INTO event_type (tenant_id, name) VALUES ($1, 'nobody.wants')`, [
    DEFAULT_TENANT_ID,
  ]);
  const types = ['guestbook.entry.created', 'nobody.wants', 'guestbook.entry.deleted'];
  const known = toTypeId('evt', newId());
  await engine.publish({ id: known, type: 'guestbook.entry.created', data: {} });
  const events = Array.from({ length: 99 }, (_, n) => ({ type: types[n % 3], data: { n } }));
  const inTheMiddle = { id: known, type: 'guestbook.entry.created', data: {} };

  for (const batch of [events, [...events.slice(0, 20), inTheMiddle, ...events.slice(20)]]) {
    const frames = await publishedFrames({ events: batch });
    expect(frames.length).toBeGreaterThan(1);
    for (const { leaseId, deliveries } of frames) {
      const [lease] = await engine.db.query<{ event_ids: string[]; deliveries: number }>(
        'SELECT event_ids, deliveries FROM delivery_lease WHERE id = $1',
        [leaseId],
      );
      expect(lease?.event_ids).toEqual(expect.arrayContaining(deliveries.map(({ event }) => event.id)));
      expect(deliveries.map(({ event }) => event.id)).not.toContain(uuidOf(known));
    }
  }
});
