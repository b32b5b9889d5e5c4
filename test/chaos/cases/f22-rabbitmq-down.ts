import { setTimeout as pause } from 'node:timers/promises';
import { type ChaosCase, onlyFull } from '../case.js';

/** Longer than a backlog may hold up a receiver's answer: one that came too late would be asked for again. */
const TIMEOUT_MS = 5000;
const PER_SECOND = 200;
const RECEIVERS = 10;
/** Five minutes with `--full-length`, any with `--outage`; what is asked of the recovery is the same share of it. */
const OUTAGE_SECONDS = { scaled: 60, full: 300 };
const SHARE_FOR_DRAINING = 1 / 6;
/** In a herd all that waited would leave at once; a receiver is never sent more than its cap. */
const CAP = 64;

export const chaosCase: ChaosCase = {
  id: 'F22',
  name: 'rabbitmq-down',
  inject: 'RabbitMQ down for a minute at 200 events/s (five minutes with --full-length)',
  expect:
    'every event is accepted, and delivered meanwhile; what is left is gone within a sixth of the outage, and no receiver gets a herd',
  modes: onlyFull('run'),

  async run(stage) {
    // Given
    const platform = await stage.platform();
    const types = await Promise.all(
      Array.from({ length: RECEIVERS }, () => stage.subscribe({ timeoutMs: TIMEOUT_MS })),
    );
    const publisher = stage.publisher();
    const loads = types.map(({ type }) => publisher.load(type, PER_SECOND / RECEIVERS));
    await Promise.all(types.map(({ endpoint }) => endpoint.delivers(20)));

    // Inject
    const outageMs = stage.outageSeconds(OUTAGE_SECONDS) * 1000;
    const downAt = performance.now();
    await platform.rabbit?.kill9();
    await pause(outageMs);
    // What RabbitMQ had of them is due again since its leases are over.
    const meanwhile = loads.map((load) => load.accepted);
    await Promise.all(types.map(({ endpoint }, i) => endpoint.delivers(meanwhile[i] ?? 0)));
    await platform.rabbit?.restart();
    const tookMs = performance.now() - downAt;
    const backAt = performance.now();
    await Promise.all(loads.map((load) => load.stop()));

    // Expect
    const failed = loads.reduce((sum, load) => sum + load.failed, 0);
    if (failed > 0) throw new Error(`${failed} events were not accepted`);
    await Promise.all(
      types.map(({ endpoint }, i) => endpoint.delivers(loads[i]?.accepted ?? 0, tookMs * SHARE_FOR_DRAINING)),
    );
    const drainedMs = performance.now() - backAt;
    stage.note(`${Math.round(tookMs / 1000)} s down, drained in ${(drainedMs / 1000).toFixed(1)} s`);
    return stage.judge({ extraAtMost: CAP });
  },
};
