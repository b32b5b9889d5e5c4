import { describe, expect, test } from 'vitest';
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
