import { expect, test } from 'vitest';
import { decodeFrame } from '#libs/events';
import { newId } from '#libs/kernel';
import { packEvents } from './event-frames.js';
import type { OutboxRow } from './outbox-row.js';

const rowOf = (data: Buffer): OutboxRow => ({
  id: newId(),
  tenantId: newId(),
  type: 'guestbook.entry.created',
  subject: null,
  occurredAt: new Date('2026-11-22T04:00:00.000Z'),
  data,
});

test('a frame names its outbox and its events and carries the data bytes untouched', () => {
  const row = rowOf(Buffer.from('{"b" :1}'));
  const [frame] = packEvents('guestbook', [row]);
  const { header, payloads } = decodeFrame<Record<string, unknown>>(frame!.body);
  expect(header).toMatchObject({
    kind: 'events',
    outbox: 'guestbook',
    events: [
      {
        id: row.id,
        tenantId: row.tenantId,
        type: row.type,
        subject: null,
        timestamp: '2026-11-22T04:00:00.000Z',
      },
    ],
  });
  expect(payloads.map(String)).toEqual(['{"b" :1}']);
});

test('250 small events make three frames in their order', () => {
  const rows = Array.from({ length: 250 }, () => rowOf(Buffer.from('{}')));
  const frames = packEvents('guestbook', rows);
  expect(frames.map(({ ids }) => ids.length)).toEqual([100, 100, 50]);
  expect(frames.flatMap(({ ids }) => ids)).toEqual(rows.map(({ id }) => id));
});

test('large events share a frame only up to 1 MiB', () => {
  const rows = Array.from({ length: 9 }, () => rowOf(Buffer.alloc(256 * 1024, 0x20)));
  expect(packEvents('guestbook', rows).map(({ ids }) => ids.length)).toEqual([4, 4, 1]);
});

test('no rows make no frames', () => {
  expect(packEvents('guestbook', [])).toEqual([]);
});
