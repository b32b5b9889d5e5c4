import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { type CursorStore, followCursor, type Page, Receiver, senders } from '#libs/receiver';

const API_KEY = 'KEY';

/** An account's feed, three objects to a page, as the Kloudless API pages it. */
class Feed {
  readonly objects: number[] = [];
  fetches = 0;
  running = 0;
  mostRunning = 0;

  fetchPage = async (_account: string, cursor: string | null): Promise<Page> => {
    this.fetches += 1;
    this.running += 1;
    this.mostRunning = Math.max(this.mostRunning, this.running);
    await new Promise((resolve) => setImmediate(resolve));
    this.running -= 1;
    const from = Number(cursor ?? 0);
    const objects = this.objects.slice(from, from + 3);
    return { objects, cursor: String(from + objects.length) };
  };
}

function memoryCursors(): CursorStore & { readonly kept: Map<string, string> } {
  const kept = new Map<string, string>();
  return {
    kept,
    read: async (account) => kept.get(account) ?? null,
    write: async (account, cursor) => void kept.set(account, cursor),
  };
}

function notification(account: string) {
  const body = Buffer.from(`account=${account}`);
  const signature = createHmac('sha256', API_KEY).update(body).digest('base64');
  return { method: 'POST', url: '/', headers: { 'x-kloudless-signature': signature }, body };
}

function setUp(handle: (object: unknown, account: string) => unknown, feed = new Feed()) {
  const cursors = memoryCursors();
  const receiver = new Receiver({
    sender: senders.kloudless({ apiKeys: [API_KEY], applicationId: 'APPID' }),
    work: followCursor({ cursors, fetchPage: feed.fetchPage, handle }),
    retryDelaysMs: [1],
  });
  return { feed, cursors, receiver };
}

test('a notification brings all pages, in order, and the next one only what is new', async () => {
  const seen: unknown[] = [];
  const { feed, cursors, receiver } = setUp((object) => seen.push(object));
  feed.objects.push(1, 2, 3, 4, 5, 6, 7);
  expect(await receiver.receive(notification('593652'))).toMatchObject({ status: 200, body: 'APPID' });
  await receiver.stop();
  expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(cursors.kept.get('593652')).toBe('7');
});

test('a burst for one account is read by one worker, each object once, with few fetches', async () => {
  const seen: unknown[] = [];
  const { feed, receiver } = setUp((object) => seen.push(object));
  for (let count = 1; count <= 50; count += 1) {
    feed.objects.push(count);
    await receiver.receive(notification('1'));
  }
  await receiver.stop();
  expect(seen).toEqual(Array.from({ length: 50 }, (_, at) => at + 1));
  expect(feed.mostRunning).toBe(1);
});

test('two accounts do not wait for each other', async () => {
  const order: string[] = [];
  let letGo: () => void = () => undefined;
  const slow = new Promise<void>((resolve) => (letGo = resolve));
  const { feed, receiver } = setUp(async (_object, account) => {
    if (account === '1') await slow;
    order.push(account);
    if (account === '2') letGo();
  });
  feed.objects.push(1);
  await receiver.receive(notification('1'));
  await receiver.receive(notification('2'));
  expect(await receiver.stop()).toBe(0);
  expect(order).toEqual(['2', '1']);
});

test('a page whose handling fails is read again, and no page behind it before', async () => {
  const seen: unknown[] = [];
  let faults = 1;
  const { feed, cursors, receiver } = setUp((object) => {
    seen.push(object);
    if (object === 5 && (faults -= 1) >= 0) throw new Error('disk full');
  });
  feed.objects.push(1, 2, 3, 4, 5, 6, 7);
  await receiver.receive(notification('1'));
  await receiver.stop();
  expect(seen).toEqual([1, 2, 3, 4, 5, 4, 5, 6, 7]);
  expect(cursors.kept.get('1')).toBe('7');
});

test('what was announced before the last fetch began is not fetched again', async () => {
  const feed = new Feed();
  const work = followCursor({ cursors: memoryCursors(), fetchPage: feed.fetchPage, handle: () => undefined });
  const at = (ms: number): Date => new Date(1_700_000_000_000 + ms);
  const event = (receivedAt: Date) => ({ id: 'e', type: '', key: '1', payload: Buffer.alloc(0), receivedAt });
  const context = (claimedAt: Date) => ({ signal: new AbortController().signal, attempt: 1, claimedAt });
  await work(event(at(0)), context(at(10)));
  expect(feed.fetches).toBe(1);
  await work(event(at(9)), context(at(20)));
  expect(feed.fetches).toBe(1);
  await work(event(at(10)), context(at(30)));
  expect(feed.fetches).toBe(2);
});
