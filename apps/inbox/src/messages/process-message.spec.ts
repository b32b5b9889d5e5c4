import { expect, test } from 'vitest';
import { processMessage } from './process-message.js';

const process = (payload: unknown): string | null => processMessage(Buffer.from(JSON.stringify(payload)));

test('an event is processed, whatever its data', () => {
  for (const data of [{ id: 'ent_1' }, null, 0, 'text']) {
    expect(
      process({ type: 'guestbook.entry.created', timestamp: '2026-11-22T04:00:00.000Z', data }),
    ).toBeNull();
  }
});

test.each<[string, unknown, RegExp]>([
  ['a number', 1, /JSON object/],
  ['no type', { timestamp: '2026-11-22T04:00:00.000Z', data: {} }, /type/],
  ['no date', { type: 'a.b', timestamp: 'yesterday', data: {} }, /timestamp/],
  ['no data', { type: 'a.b', timestamp: '2026-11-22T04:00:00.000Z' }, /data/],
])('%s: the reason is told', (_what, payload, reason) => {
  expect(process(payload)).toMatch(reason);
});

test('bytes that are not JSON fail and do not throw', () => {
  expect(processMessage(Buffer.from([0xff, 0x7b]))).toMatch(/JSON object/);
});
