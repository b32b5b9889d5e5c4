import { type ChaosCase, everywhere } from '../case.js';
import type { ChaosProcess } from '../platform/processes.js';
import type { RequestRecord } from '../sink/sink-log.js';

const SHIFTED_CLOCK = new URL('../process/shifted-clock.js', import.meta.url).href;
const HOUR_MS = 3_600_000;
const RETRY_SECONDS = 2;
/** Ten failures in a row would open a circuit. */
const EVENTS = 8;
const RECEIVERS = 4;

export const chaosCase: ChaosCase = {
  id: 'F47',
  name: 'wrong-clock',
  inject: 'dispatchers whose clocks are an hour ahead and an hour behind (an offset under their Date)',
  expect:
    "leases and retries go by the database's clock: none early, none late; the log and a metric raise the alarm",
  modes: everywhere('run'),

  async run(stage) {
    const platform = await stage.platform({});
    const shifts = platform.workers.length === 1 ? [[HOUR_MS], [-HOUR_MS]] : [[HOUR_MS, -HOUR_MS]];
    let ofWrongTime = 0;
    for (const shift of shifts) {
      // Inject
      for (const [place, shiftMs] of shift.entries()) {
        await platform.worker(place).kill9();
        platform
          .worker(place)
          .spawn({ NODE_OPTIONS: `--import ${SHIFTED_CLOCK}`, CHAOS_CLOCK_MS: String(shiftMs) });
      }
      await platform.ready();

      // Given: a first attempt that fails, so that both a lease and a retry are written and read.
      const { type, endpoints } = await stage.subscribeMany(RECEIVERS, {
        timeoutMs: 5000,
        retry: { scheduleSeconds: [RETRY_SECONDS] },
      });
      const failures = Array.from({ length: EVENTS }, () => ({ status: 503 }) as const);
      for (const endpoint of endpoints)
        await endpoint.behave({ status: 503 }, ...failures.slice(1), { status: 200 });
      await stage.publisher().publish(type, EVENTS);

      // Expect
      await Promise.all(endpoints.map((endpoint) => endpoint.delivers(EVENTS)));
      for (const endpoint of endpoints) retriesInTime(await endpoint.requests());
      for (const [place, shiftMs] of shift.entries()) {
        await raisesTheAlarm(platform.worker(place), shiftMs);
        ofWrongTime += (await platform.worker(place).metric('bellhop_delivery_attempts_total')) ?? 0;
      }
    }
    // Only what such a process signed carries its time.
    return stage.judge({ unverifiedAtMost: ofWrongTime });
  },
};

async function raisesTheAlarm(worker: ChaosProcess, shiftMs: number): Promise<void> {
  const aheadSeconds = (await worker.metric('bellhop_clock_ahead_seconds')) ?? 0;
  if (Math.abs(aheadSeconds * 1000 - shiftMs) > 5000)
    throw new Error(`the metric says it is ${aheadSeconds} s ahead`);
  if (!worker.log.includes('The clock of this machine is 3600 s'))
    throw new Error('the log says nothing of the clock');
}

/** Each retry has its jitter of a half, and a second for a search and for a lane with others in it. */
function retriesInTime(requests: readonly RequestRecord[]): void {
  const firstAt = new Map<string, number>();
  for (const { id, at } of requests) {
    const first = firstAt.get(id);
    if (first === undefined) firstAt.set(id, at);
    else if (at - first < RETRY_SECONDS * 500 || at - first > RETRY_SECONDS * 1500 + 2000) {
      throw new Error(`a retry came after ${at - first} ms`);
    }
  }
}
