import { type ChaosCase, everywhere } from '../case.js';

/** Its lease is 40 s: whoever waited for it would be seen. */
const TIMEOUT_MS = 30_000;
const GRACE_MS = 3000;
const MARGIN_MS = 2000;
const EVENTS = 6;
/** Given back means that others need not wait for a lease. */
const GIVEN_BACK_WITHIN_MS = 15_000;

export const chaosCase: ChaosCase = {
  id: 'F07',
  name: 'sigterm-with-slow-receiver',
  inject: 'SIGTERM of the dispatchers while a receiver takes 30 s for its answer',
  expect:
    'not ready and taking nothing within 1 s, exit 0 within the grace; what is left is given back, not waited out',
  modes: everywhere('run'),

  async run(stage) {
    // Given: requests in flight, and more that wait behind them.
    const platform = await stage.platform();
    const slow = await stage.subscribe({ timeoutMs: TIMEOUT_MS });
    const quick = await stage.subscribe({ timeoutMs: TIMEOUT_MS });
    await slow.endpoint.behave({ hang: true });
    await stage.publisher().publish(slow.type, EVENTS);
    await slow.endpoint.receives(2);
    const workers = platform.workers;

    // Inject
    const startedAt = performance.now();
    const ends = workers.map(async (worker) => {
      worker.signal('SIGTERM');
      await worker.exited;
      return performance.now() - startedAt;
    });

    // Expect
    await stage.eventually(
      async () => {
        for (const worker of workers) {
          const status = await worker.readiness();
          if (status !== 503) throw new Error(`I8: ready says ${status} after SIGTERM`);
        }
      },
      { timeoutMs: 1000 },
    );
    const inFlight = (await slow.endpoint.requests()).length;
    await stage.publisher().commit(quick.type, 3);
    const took = Math.max(...(await Promise.all(ends)));
    const codes = workers.map(({ exitCode }) => exitCode);
    if (codes.some((code) => code !== 0)) throw new Error(`exit codes ${codes.join(', ')} instead of 0`);
    if (took > GRACE_MS + MARGIN_MS) throw new Error(`the stop took ${took} ms`);
    const taken = (await quick.endpoint.requests()).length;
    if (taken > 0) throw new Error(`${taken} events were taken after SIGTERM`);
    const later = (await slow.endpoint.requests()).length - inFlight;
    if (later > 0) throw new Error(`${later} requests were begun after SIGTERM`);

    await slow.endpoint.behave({ status: 200 });
    await platform.heal();
    return stage.judge({ withinMs: GIVEN_BACK_WITHIN_MS, extraAtMost: inFlight, duplicatesAtMost: 0 });
  },
};
