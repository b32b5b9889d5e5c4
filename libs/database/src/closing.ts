import type pg from 'pg';

/** A server that has gone away closes nothing any more. */
const LONGEST_WAIT_MS = 2_000;

/**
 * Ends a pool and resolves when its connections are closed. pg calls a pool ended as soon as it has asked them to
 * close: a server that is stopped right then still finds them open, and each of them complains.
 */
export async function closeCompletely(pool: pg.Pool, end: () => Promise<void>): Promise<void> {
  const closed = lastRemoved(pool);
  await end();
  await closed;
}

function lastRemoved(pool: pg.Pool): Promise<void> {
  let open = pool.totalCount;
  if (open === 0) return Promise.resolve();
  return new Promise((resolve) => {
    const patience = setTimeout(resolve, LONGEST_WAIT_MS);
    pool.on('remove', () => {
      open -= 1;
      if (open > 0) return;
      clearTimeout(patience);
      resolve();
    });
  });
}
