import { newId } from '#libs/kernel';
import { type ChaosCase, everywhere } from '../case.js';

const TIMEOUT_MS = 1000;
const OTHERS = 500;
const OPEN_FOR_MS = 60_000;
const OLD = 2;

export const chaosCase: ChaosCase = {
  id: 'F20',
  name: 'long-transaction',
  inject:
    'two transactions that have written to the outbox stay open; their snapshots keep every dead row in the tables',
  expect:
    'five hundred others are delivered meanwhile; then the one that commits as well, and nothing of the other',
  modes: everywhere('run'),

  async run(stage) {
    // Given
    const platform = await stage.platform();
    const { type, endpoint } = await stage.subscribe({ timeoutMs: TIMEOUT_MS });
    const publisher = stage.publisher();
    const wide = platform.sql.wider(OLD);

    // Inject
    let end = (): void => undefined;
    const ended = new Promise<void>((resolve) => (end = resolve));
    const open = [false, true].map((isUndone) =>
      publisher.transact({ type, ids: [newId()], sql: wide, isUndone, beforeEnd: () => ended }),
    );
    try {
      for (let sent = 0; sent < OTHERS; sent += 50) {
        await publisher.commit(type, 25);
        await publisher.publish(type, 25);
      }
      await endpoint.delivers(OTHERS, OPEN_FOR_MS);
    } finally {
      end();
      await Promise.all(open);
      await wide.end();
    }

    // Expect
    return stage.judge();
  },
};
