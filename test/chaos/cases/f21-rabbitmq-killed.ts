import { type ChaosCase, onlyFull } from '../case.js';

const TIMEOUT_MS = 1000;
const PER_SECOND = 100;
/** Both dispatchers' slots: no more requests can have been in flight. */
const IN_FLIGHT = 2 * 20;

export const chaosCase: ChaosCase = {
  id: 'F21',
  name: 'rabbitmq-killed',
  inject: 'SIGKILL of RabbitMQ under load, and a restart',
  expect: 'the API goes on accepting; confirmed and unconfirmed messages alike are delivered',
  modes: onlyFull('run'),

  async run(stage) {
    // Given: queues that are older than a second, and messages in them at every moment.
    const platform = await stage.platform({ env: { BELLHOP_CONCURRENCY: '20' } });
    const { type, endpoints } = await stage.subscribeMany(4, { timeoutMs: TIMEOUT_MS });
    const publisher = stage.publisher();
    const load = publisher.load(type, PER_SECOND);
    await Promise.all(endpoints.map((endpoint) => endpoint.delivers(2 * PER_SECOND)));

    // Inject
    await platform.rabbit?.kill9();
    await publisher.commit(type, 50);
    await platform.rabbit?.restart();
    await platform.ready();
    await load.stop();

    // Expect
    if (load.failed > 0) throw new Error(`${load.failed} of ${load.accepted + load.failed} were refused`);
    return stage.judge({ withinMs: stage.recoveryMs(TIMEOUT_MS), extraAtMost: IN_FLIGHT });
  },
};
