import { type ChaosCase, everywhere } from '../case.js';
import { plantPending } from '../load/planted.js';

/**
 * 100,000 deliveries where one process has them all, fewer where several share them, so that the set keeps to its time.
 * The benchmark of growth has a million, and the rates; here the oracle asks what became of each.
 */
const RECEIVERS = 20;
const EVENTS_OF = { embedded: 5000, postgres: 1000, full: 1000 };
const FIRST_WITHIN_MS = 5000;
const DRAINED_WITHIN_MS = 150_000;

export const chaosCase: ChaosCase = {
  id: 'F44',
  name: 'cold-start',
  inject: 'a start with 100,000 deliveries due (20,000 where several processes share them)',
  expect: 'the first request within 5 s of being ready, and each delivered once, in no more memory than ever',
  modes: everywhere('run'),

  async run(stage) {
    // Given
    const platform = await stage.platform({});
    const { type, endpoints } = await stage.subscribeMany(RECEIVERS, { timeoutMs: 10_000 });
    await Promise.all(platform.workers.map((worker) => worker.kill9()));
    const events = EVENTS_OF[stage.mode];
    await plantPending({ platform, book: stage.book, type, events });

    // Inject
    const startedAt = Date.now();
    await Promise.all(platform.workers.map((worker) => worker.start()));
    const readyAt = Date.now();

    // Expect
    await stage.eventually(
      async () => {
        const [row] = await platform.sql.read<{ count: number }>(
          `SELECT count(*)::int FROM delivery WHERE event_type = $1 AND status = 'pending'`,
          [type],
        );
        if (row?.count !== 0) throw new Error(`${row?.count} are left`);
      },
      { timeoutMs: DRAINED_WITHIN_MS, everyMs: 1000 },
    );
    const drainedMs = Date.now() - startedAt;
    const first = Math.min(
      ...(await Promise.all(endpoints.map((endpoint) => endpoint.requests()))).map(
        ([one]) => one?.at ?? Infinity,
      ),
    );
    stage.note(
      `first after ${first - startedAt} ms, ${first - readyAt} ms after being ready, ${Math.round((events * RECEIVERS * 1000) / drainedMs)} a second`,
    );
    if (first - readyAt > FIRST_WITHIN_MS)
      throw new Error(`the first request came ${first - readyAt} ms after being ready`);
    return stage.judge();
  },
};
