import { describe, expect, test } from 'vitest';
import { discover, WebSubDouble } from '../../support/doubles/websub.double.js';
import { eventually } from '../../support/eventually.js';
import { newSecret, type Stage } from '../modes.js';

export function guestbookScenarios(stage: Stage): void {
  describe('the guestbook', () => {
    test('an entry is published in its own transaction and reaches the subscriber', async () => {
      const secret = newSecret();
      const receiver = await stage.receiver({ secret });
      await stage.api.subscribe({ url: receiver.url, eventTypes: ['guestbook.*'], secret });
      const entry = { name: 'Ada', message: '<b>hello</b> & 😀' };
      const created = await fetch(`${stage.platform.guestbookUrl}/entries`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify(entry),
      });
      expect(created.status).toBe(201);
      const { id } = (await created.json()) as { id: string };
      const [request] = await receiver.receives(1);
      expect(request?.isVerified).toBe(true);
      expect(JSON.parse(request?.body.toString() ?? '')).toMatchObject({
        type: 'guestbook.entry.created',
        data: { id, ...entry },
      });
      const removed = await fetch(`${stage.platform.guestbookUrl}/entries/${id}`, { method: 'DELETE' });
      expect(removed.ok).toBe(true);
      const [, second] = await receiver.receives(2);
      expect(JSON.parse(second?.body.toString() ?? '')).toMatchObject({
        type: 'guestbook.entry.deleted',
        data: { id },
      });
    });

    test('an entry is the item of a topic that the page announces, and reaches who subscribes at its hub', async () => {
      const { guestbookUrl } = stage.platform;
      const body = { eventTypes: ['guestbook.entry.created'] };
      const topic = (await stage.api.call<{ id: string; url: string }>('POST', '/v1/topics', { body })).body;
      const { pathname } = new URL(topic.url);
      await eventually(async () => expect((await discover(guestbookUrl)).self).toContain(pathname), {
        timeoutMs: 20_000,
      });
      const subscriber = await WebSubDouble.start();
      expect((await subscriber.follow(guestbookUrl, { secret: 'a secret of both' })).status).toBe(202);
      await eventually(async () => {
        const list = await stage.api.call<{ data: { url: string; status: string }[] }>(
          'GET',
          '/v1/subscriptions?limit=250',
        );
        expect(list.body.data).toContainEqual(
          expect.objectContaining({ url: subscriber.callback, status: 'active' }),
        );
      });
      await fetch(`${guestbookUrl}/entries`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify({ name: 'Grace', message: 'By topic' }),
      });
      await eventually(() => expect(subscriber.distributed).toHaveLength(1));
      const [item] = subscriber.distributed;
      expect(item?.isVerified).toBe(true);
      expect(JSON.parse(item?.body ?? '')).toMatchObject({
        type: 'guestbook.entry.created',
        data: { name: 'Grace', message: 'By topic' },
      });
      await stage.api.call('DELETE', `/v1/topics/${topic.id}`);
      await subscriber.stop();
    });

    test('the page shows what was signed, escaped, without any script', async () => {
      await fetch(`${stage.platform.guestbookUrl}/entries`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ name: 'Eve', message: '<script>alert(1)</script>' }),
        redirect: 'manual',
      });
      const page = await (await fetch(stage.platform.guestbookUrl)).text();
      expect(page).toContain('&lt;script&gt;alert(1)');
      expect(page).not.toContain('<script>alert(1)');
    });
  });
}
