import { QUEUES } from '#libs/messaging';
import { type ChaosCase, onlyFull } from '../case.js';

const TIMEOUT_MS = 1000;
const COUNT = 50;

export const chaosCase: ChaosCase = {
  id: 'F26',
  name: 'queues-deleted',
  inject: 'both queues purged with messages in them, then deleted under running consumers',
  expect: 'they are declared anew, and what was in them comes from PostgreSQL when its lease is over',
  modes: onlyFull('run'),

  async run(stage) {
    // Given: messages that wait, since nobody takes them.
    const platform = await stage.platform();
    const { type, endpoint } = await stage.subscribe({ timeoutMs: TIMEOUT_MS });
    const publisher = stage.publisher();
    await Promise.all(platform.workers.map((worker) => worker.kill9()));
    await publisher.publish(type, COUNT);
    const queues = await platform.openQueues();
    await stage.eventually(async () => {
      if ((await queues.waiting(QUEUES.deliveries)) === 0) throw new Error('nothing waits in the queue');
    });

    // Inject
    await queues.purge(QUEUES.deliveries);
    await queues.purge(QUEUES.events);
    await platform.heal();
    await queues.delete(QUEUES.deliveries);
    await queues.delete(QUEUES.events);
    await publisher.publish(type, COUNT);
    await publisher.commit(type, COUNT);

    // Expect
    await endpoint.delivers(3 * COUNT, 60_000);
    await stage.eventually(async () => {
      const consumers = await Promise.all(Object.values(QUEUES).map((queue) => queues.consumers(queue)));
      if (consumers.some((count) => count !== platform.workers.length))
        throw new Error(`consumers: ${consumers.join(', ')}`);
    });
    await queues.close();
    return stage.judge();
  },
};
