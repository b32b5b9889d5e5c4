import { EventEmitter } from 'node:events';
import pg from 'pg';
import { expect, test, vi } from 'vitest';
import { closeCompletely } from './closing.js';

/** A pool of which pg says that it has ended while its connections still close. */
class HastyPool extends EventEmitter {
  readonly totalCount = 2;
  readonly end = vi.fn<() => Promise<void>>(() => Promise.resolve());
}

test('a pool is closed when the last of its connections is', async () => {
  const pool = new HastyPool();
  let isClosed = false;
  const closing = closeCompletely(pool as unknown as pg.Pool, pool.end).finally(() => (isClosed = true));
  await pool.end.mock.results[0]?.value;
  pool.emit('remove');
  await new Promise(setImmediate);
  expect(isClosed).toBe(false);
  pool.emit('remove');
  await closing;
});

test('a pool that never connected is closed at once', async () => {
  const pool = new pg.Pool();
  await closeCompletely(pool, () => pool.end());
  expect(pool.ended).toBe(true);
});

test('a connection that cannot close any more holds up nobody for long', async () => {
  vi.useFakeTimers();
  const pool = new HastyPool();
  const closing = closeCompletely(pool as unknown as pg.Pool, pool.end);
  await vi.advanceTimersByTimeAsync(2_000);
  await closing;
  vi.useRealTimers();
});
