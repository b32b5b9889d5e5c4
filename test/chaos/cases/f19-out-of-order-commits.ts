import { setTimeout as pause } from 'node:timers/promises';
import { type ChaosCase, everywhere } from '../case.js';
import { newId } from '#libs/kernel';

/** Long: a receiver that answers late, on a machine that is busy with other cases, is heard twice for a good reason. */
const TIMEOUT_MS = 10_000;
const TRANSACTIONS = 1000;
const AT_ONCE = 20;
const HELD_MS = 60;
/** One in so many is rolled back. */
const UNDONE = 8;

export const chaosCase: ChaosCase = {
  id: 'F19',
  name: 'out-of-order-commits',
  inject:
    'a thousand transactions write to an outbox, twenty at once, and commit in another order than they began',
  expect: 'none skipped, each delivered once; those that are rolled back arrive nowhere',
  modes: everywhere('run'),

  async run(stage) {
    // Given
    const platform = await stage.platform();
    const { type } = await stage.subscribe({ timeoutMs: TIMEOUT_MS });
    const publisher = stage.publisher();
    const wide = platform.sql.wider(AT_ONCE);

    // Inject
    let left = TRANSACTIONS;
    async function transact(): Promise<void> {
      while (left > 0) {
        left -= 1;
        const isUndone = stage.random.between(1, UNDONE) === 1;
        const heldMs = stage.random.between(0, HELD_MS);
        await publisher.transact({
          type,
          ids: [newId()],
          sql: wide,
          isUndone,
          beforeEnd: () => pause(heldMs),
        });
      }
    }
    try {
      await Promise.all(Array.from({ length: AT_ONCE }, transact));
    } finally {
      await wide.end();
    }

    // Expect
    return stage.judge();
  },
};
