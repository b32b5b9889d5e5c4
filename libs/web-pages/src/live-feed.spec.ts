import { of } from 'rxjs';
import { expect, test } from 'vitest';
import { LiveFeed } from './live-feed.js';

function listen(
  feed: LiveFeed,
  missed = of<{ id: string }>(),
): { seen: unknown[]; isDone: () => boolean; stop: () => void } {
  const seen: unknown[] = [];
  let isDone = false;
  const subscription = feed
    .stream(missed)
    .subscribe({ next: (one) => seen.push(one), complete: () => (isDone = true) });
  return { seen, isDone: () => isDone, stop: () => subscription.unsubscribe() };
}

test('every open page gets what is sent, and what it missed', () => {
  const feed = new LiveFeed();
  const [first, second] = [listen(feed), listen(feed, of({ id: 'missed' }))];
  feed.send({ id: 'new' });
  expect(first.seen).toEqual([{ comment: 'connected' }, { id: 'new' }]);
  expect(second.seen).toEqual([{ comment: 'connected' }, { id: 'missed' }, { id: 'new' }]);
  first.stop();
  second.stop();
  expect(feed.hasListeners).toBe(false);
});

test('a stop ends all streams and opens no other, so that the server can stop too', () => {
  const feed = new LiveFeed();
  const open = listen(feed);
  feed.beforeApplicationShutdown();
  expect(open.isDone()).toBe(true);
  expect(listen(feed)).toMatchObject({ seen: [] });
});

test('pages beyond the limit are refused until another one leaves', () => {
  const feed = new LiveFeed();
  const pages = Array.from({ length: 1000 }, () => listen(feed));
  expect(() => feed.stream()).toThrow(expect.objectContaining({ code: 'too_many_streams' }));
  pages.pop()?.stop();
  expect(() => listen(feed)).not.toThrow();
  feed.beforeApplicationShutdown();
});
