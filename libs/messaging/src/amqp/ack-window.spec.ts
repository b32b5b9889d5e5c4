import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AckWindow } from './ack-window.js';

/** Believes what RabbitMQ believes: an unknown tag closes the channel. */
class FakeChannel {
  readonly frames: string[] = [];
  readonly acknowledged: number[] = [];
  readonly unacked = new Set<number>();

  readonly send = (tag: number, upTo: boolean): void => {
    if (!this.unacked.has(tag)) throw new Error(`unknown delivery tag ${tag}`);
    this.frames.push(upTo ? `≤${tag}` : `${tag}`);
    for (const open of this.unacked) if (open === tag || (upTo && open < tag)) this.accept(open);
  };

  private accept(tag: number): void {
    this.unacked.delete(tag);
    this.acknowledged.push(tag);
  }
}

function windowOver(channel: FakeChannel, tags: readonly number[], batch = 1000): AckWindow {
  const window = new AckWindow(channel.send, { batch, delayMs: 60_000 });
  for (const tag of tags) {
    channel.unacked.add(tag);
    window.opened(tag);
  }
  return window;
}

test('messages finished in a row are acknowledged by one frame', () => {
  const channel = new FakeChannel();
  const window = windowOver(channel, [1, 2, 3, 4]);
  for (const tag of [2, 1, 3]) window.done(tag);
  window.flush();
  expect(channel.frames).toEqual(['≤3']);
});

test('what lies behind a slow message is acknowledged one by one, and never again', () => {
  const channel = new FakeChannel();
  const window = windowOver(channel, [1, 2, 3]);
  window.done(2);
  window.done(3);
  window.flush();
  expect(channel.frames).toEqual(['2', '3']);
  window.done(1);
  window.flush();
  expect(channel.frames).toEqual(['2', '3', '≤1']);
});

test('a full batch goes at once', () => {
  const channel = new FakeChannel();
  const window = windowOver(channel, [1, 2, 3], 2);
  window.done(1);
  expect(channel.frames).toEqual([]);
  window.done(2);
  expect(channel.frames).toEqual(['≤2']);
});

test('after the channel is gone nothing is sent, and no timer is left', () => {
  const channel = new FakeChannel();
  const window = windowOver(channel, [1, 2]);
  window.done(1);
  window.close();
  window.done(2);
  window.flush();
  expect(channel.frames).toEqual([]);
});

test('in any order of finishing and settling each finished tag is acknowledged once and no other', () => {
  const step = fc.record({
    tag: fc.integer({ min: 1, max: 30 }),
    act: fc.constantFrom('done', 'settled', 'flush'),
  });
  const property = fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
    const channel = new FakeChannel();
    const window = windowOver(
      channel,
      Array.from({ length: 30 }, (_, index) => index + 1),
      5,
    );
    const finished = new Set<number>();
    const settled = new Set<number>();
    for (const { tag, act } of steps) {
      const isNew = !finished.has(tag) && !settled.has(tag);
      if (act === 'flush') window.flush();
      else if (isNew && act === 'done') {
        finished.add(tag);
        window.done(tag);
      } else if (isNew) {
        settled.add(tag);
        channel.unacked.delete(tag);
        window.settled(tag);
      }
    }
    window.flush();
    expect(channel.acknowledged.toSorted((a, b) => a - b)).toEqual([...finished].toSorted((a, b) => a - b));
  });
  fc.assert(property);
});
