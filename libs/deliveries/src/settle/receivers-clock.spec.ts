import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ReceiversClock } from './receivers-clock.js';
import type { Settlement } from './settlement.js';

type Answered = Pick<Settlement, 'url' | 'result'>;

const OWN_TIME = Date.parse('2026-11-22T12:00:00Z');

let now: number;
let clock: ReceiversClock;
let lines: string[];

beforeEach(() => {
  now = 0;
  clock = new ReceiversClock(() => now);
  lines = [];
  const keep = (line: unknown): void => void lines.push(String(line));
  for (const level of ['error', 'warn'] as const) vi.spyOn(Logger.prototype, level).mockImplementation(keep);
});
afterEach(() => vi.restoreAllMocks());

/** An answer at our own time, whose `Date` shows that we are so many seconds ahead. */
function answer(host: string, aheadSeconds: number, date?: string): Answered {
  const shown = date ?? new Date(OWN_TIME - aheadSeconds * 1000).toUTCString();
  const timings = { resolveMs: null, connectMs: null, tlsMs: null, firstByteMs: 500, totalMs: 500 };
  const sent = { startedAt: new Date(OWN_TIME), durationMs: 500, timings };
  const came = { remoteAddress: null, retriedConnection: false, status: 200, body: Buffer.alloc(0) };
  const headers = { date: shown };
  const result = { kind: 'response' as const, headers, bodyTruncated: false, ...sent, ...came };
  return { url: `https://${host}/hook`, result };
}

/** One batch in each second, of one answer. */
function hear(...answers: readonly Answered[]): void {
  for (const one of answers) {
    clock.learn([one]);
    now += 1000;
  }
}

const from = (hosts: string, aheadSeconds: number): Answered[] =>
  hosts.split('').map((host) => answer(`${host}.example`, aheadSeconds));

test('two hosts are too few to say anything, three are enough', () => {
  hear(...from('ab', 3600), ...from('ab', 3600));
  expect(clock.ownAheadMs).toBeNull();
  hear(...from('c', 3600));
  expect(clock.ownAheadMs).toBe(3_600_000);
});

test('it warns once when most receivers have another time, and once more when they agree again', () => {
  hear(...from('abc', -90), ...from('abcd', -95));
  expect(lines).toEqual([expect.stringMatching(/is 90 s behind that of most receivers/)]);
  hear(...from('abcd', -45));
  expect(lines).toHaveLength(1);
  hear(...from('abcd', 1), ...from('abcd', 0));
  expect(lines).toEqual([
    expect.anything(),
    expect.stringMatching(/agrees with that of most receivers again/),
  ]);
  hear(...from('abcd', 61));
  expect(lines[2]).toMatch(/is 61 s ahead of that of most receivers/);
});

test('a few hosts with a wrong clock of their own change nothing', () => {
  hear(...from('abc', 0), ...from('xyz', 86_400));
  expect(clock.ownAheadMs).toBe(0);
  expect(lines).toEqual([]);
});

test('the last seven hosts count, and what was heard ten minutes ago counts no more', () => {
  hear(...from('abcdefg', 3600), ...from('hijk', 0));
  expect(clock.ownAheadMs).toBe(0);
  now += 10 * 60_000 - 3_000;
  expect(clock.ownAheadMs).toBe(0);
  now += 2_000;
  expect(clock.ownAheadMs).toBeNull();
});

test('of a second one answer is taken, of the host that was heard least', () => {
  const busy = Array.from({ length: 300 }, () => answer('busy.example', 0));
  const round = (batch: readonly Answered[]): void => {
    clock.learn(batch);
    clock.learn(from('xyz', 0));
    now += 1000;
  };
  for (const host of 'ab') round([...busy, ...from(host, 70), ...busy]);
  expect(clock.ownAheadMs).toBeNull();
  round([...busy, ...from('c', 70)]);
  expect(clock.ownAheadMs).toBe(70_000);
  round([...from('bc', 0), ...busy]);
  expect(clock.ownAheadMs).toBe(70_000);
  round([...busy, ...from('cb', 0)]);
  expect(clock.ownAheadMs).toBe(0);
});

test('another port is the same host, and what is no Date of HTTP is not one', () => {
  hear(...['a.example', 'a.example:8080', 'b.example', 'b.example:1'].map((host) => answer(host, 70)));
  const odd = [
    'Invalid Date',
    '1',
    '2026-11-22',
    'Sun, 22 Nov 2026 11:00:00 GMT, Sun, 22 Nov 2026 11:00:00 GMT',
  ];
  hear(...odd.map((date, index) => answer(`odd-${index}.example`, 0, date)));
  const failed = { ...answer('c.example', 0).result, kind: 'failure' } as Answered['result'];
  hear({ url: 'https://c.example/', result: failed });
  expect(clock.ownAheadMs).toBeNull();
});
