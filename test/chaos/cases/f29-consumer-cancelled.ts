import { QUEUES } from '#libs/messaging';
import { type ChaosCase, onlyFull } from '../case.js';

const RECEIVERS = 10;

export const chaosCase: ChaosCase = {
  id: 'F29',
  name: 'consumer-cancelled',
  inject:
    'the queue is deleted with its messages in work: RabbitMQ cancels the consumers and closes channels with 404',
  expect: 'late acknowledgements harm nobody, consumers come back, and each delivery is sent once',
  modes: onlyFull('fast'),

  async run(stage) {
    // Given: requests in flight, whose messages are not acknowledged yet.
    const platform = await stage.platform();
    const { type, endpoints } = await stage.subscribeMany(RECEIVERS, { timeoutMs: 10_000 });
    await Promise.all(endpoints.map((endpoint) => endpoint.behave({ status: 200, delayMs: 1500 })));
    const publisher = stage.publisher();
    await publisher.publish(type, 2);
    await Promise.all(endpoints.map((endpoint) => endpoint.receives(2)));

    // Inject
    const queues = await platform.openQueues();
    await queues.delete(QUEUES.deliveries);
    await queues.close();
    await Promise.all(endpoints.map((endpoint) => endpoint.delivers(2)));
    await Promise.all(endpoints.map((endpoint) => endpoint.behave({ status: 200 })));
    await platform.ready();

    // Expect: what comes now travels through the new queue, sooner than any lease ends.
    await publisher.publish(type, 10);
    await Promise.all(endpoints.map((endpoint) => endpoint.delivers(12, 8000)));
    return stage.judge();
  },
};
