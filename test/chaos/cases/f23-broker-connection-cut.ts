import { type ChaosCase, onlyFull } from '../case.js';

const TIMEOUT_MS = 1000;
const PER_SECOND = 100;
const CUTS = 6;
/** The longest pause before a connection is tried anew, with its jitter, and what setting it up takes. */
const REDIAL_MS = 7500;
const CONCURRENCY = 20;

export const chaosCase: ChaosCase = {
  id: 'F23',
  name: 'broker-connection-cut',
  inject:
    'connections to RabbitMQ cut in the middle of publishes and of confirms, half-closed, and swallowed',
  expect: 'connected again within seconds each time, never wedged, nothing lost',
  modes: onlyFull('run'),

  async run(stage) {
    // Given
    const platform = await stage.platform({
      isProxied: true,
      env: { BELLHOP_CONCURRENCY: String(CONCURRENCY) },
    });
    const { type, endpoint } = await stage.subscribe({ timeoutMs: TIMEOUT_MS });
    const load = stage.publisher().load(type, PER_SECOND);
    await endpoint.delivers(PER_SECOND);
    const { brokerLink } = platform;

    // Inject: somewhere within the next frames of one side, wherever that may be.
    for (let cut = 0; cut < CUTS; cut += 1) {
      const opened = brokerLink.opened;
      brokerLink.cutAfter(stage.random.between(1, 5000), cut % 2 === 0 ? 'client' : 'server');
      await stage.eventually(
        () => {
          if (brokerLink.opened === opened) throw new Error(`cut ${cut + 1}: nobody connected anew`);
        },
        { timeoutMs: REDIAL_MS },
      );
      await platform.ready(REDIAL_MS);
    }
    brokerLink.halfCloseAll();
    await platform.ready(REDIAL_MS);
    brokerLink.resetAll();
    await platform.ready(REDIAL_MS);
    await load.stop();

    // Expect: what comes now does not wait for a lease, so messages travel again.
    if (load.failed > 0) throw new Error(`${load.failed} events were not accepted`);
    await stage.judge({ withinMs: stage.recoveryMs(TIMEOUT_MS), extraAtMost: (CUTS + 2) * 2 * CONCURRENCY });
    await stage.publisher().publish(type, 20);
    await endpoint.delivers(load.accepted + 20, 3000);
    return stage.judge({ extraAtMost: (CUTS + 2) * 2 * CONCURRENCY });
  },
};
