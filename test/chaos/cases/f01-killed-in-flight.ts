import { setTimeout as pause } from 'node:timers/promises';
import { type ChaosCase } from '../case.js';

/** A receiver of which nothing is known yet is given two requests at once: 25 of them make fifty. */
const RECEIVERS = 25;
const IN_FLIGHT = 50;
const TIMEOUT_MS = 3000;
/** Whoever took a message for done before its outcome is recorded has let go of its lease by then. */
const IN_FLIGHT_MS = 600;

export const chaosCase: ChaosCase = {
  id: 'F01',
  name: 'killed-in-flight',
  inject: 'SIGKILL of the dispatchers with 50 requests in flight',
  expect: 'all delivered within the lease and 5 s; at most 50 requests more, under the same ids',
  modes: { embedded: 'fast', postgres: 'run', full: 'run' },

  async run(stage) {
    // Given: receivers that have read 50 requests and answered none.
    const platform = await stage.platform();
    const { type, endpoints } = await stage.subscribeMany(RECEIVERS, { timeoutMs: TIMEOUT_MS });
    await Promise.all(endpoints.map((endpoint) => endpoint.behave({ hang: true })));
    await stage.publisher().publish(type, IN_FLIGHT / RECEIVERS);
    await Promise.all(endpoints.map((endpoint) => endpoint.receives(IN_FLIGHT / RECEIVERS)));
    await pause(IN_FLIGHT_MS);

    // Inject
    await Promise.all(platform.workers.map((worker) => worker.kill9()));
    const killedAt = performance.now();
    await Promise.all(endpoints.map((endpoint) => endpoint.behave({ status: 200 })));
    await platform.heal();

    // Expect
    const withinMs = stage.recoveryMs(TIMEOUT_MS) - (performance.now() - killedAt);
    return stage.judge({ withinMs, extraAtMost: IN_FLIGHT, duplicatesAtMost: 0 });
  },
};
