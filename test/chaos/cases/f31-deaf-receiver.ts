import type { ChaosCase } from '../case.js';
import { Bystander } from '../load/bystander.js';
import { attemptsOf } from '../oracle/attempts.js';

const TIMEOUT_MS = 1000;
/** The deadline itself is measured to ±5 % where nothing else runs; here a whole platform shares two processors. */
const LATE_MS = 250;

export const chaosCase: ChaosCase = {
  id: 'F31',
  name: 'deaf-receiver',
  inject: 'a receiver accepts connections and never answers',
  expect: '`timeout_headers` at the deadline, its slots are freed, and another receiver notices nothing',
  modes: { embedded: 'fast', postgres: 'run', full: 'run' },

  async run(stage) {
    // Given
    const platform = await stage.platform();
    const { proxy, ...deaf } = await stage.subscribeThroughProxy({
      timeoutMs: TIMEOUT_MS,
      retry: { scheduleSeconds: [1, 1, 1, 1, 1, 1] },
    });
    const bystander = await Bystander.of(await stage.subscribe(), stage.publisher());

    // Inject
    proxy.blackhole();
    await stage.publisher().publish(deaf.type, 4);

    // Expect
    await bystander.isUnaffected();
    const attempts = await stage.eventually(async () => {
      const made = await attemptsOf(platform.sql, deaf.subscriptionId);
      if (made.length < 4) throw new Error(`${made.length} attempts were made`);
      return made;
    });
    for (const { error_type: error, duration_ms: tookMs } of attempts) {
      const isOnTime = tookMs > TIMEOUT_MS * 0.95 && tookMs < TIMEOUT_MS + LATE_MS;
      if (error !== 'timeout_headers' || !isOnTime) throw new Error(`${error} after ${tookMs} ms`);
    }
    await proxy.heal();
    return stage.judge();
  },
};
