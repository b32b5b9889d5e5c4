import { expect, test } from 'vitest';
import { BrokerUnavailableError, MemoryBroker, QUEUES } from '#libs/messaging';
import { brokerContract } from './broker.contract.js';

brokerContract('memory', ({ capacity, redelivery }) => {
  const broker = new MemoryBroker({
    redelivery,
    ...(capacity === undefined ? {} : { maxWaiting: capacity }),
  });
  return Promise.resolve({
    broker,
    deadLetters: () =>
      Promise.resolve(broker.deadLetters().map(({ reason, body }) => ({ reason, body: body.toString() }))),
    close: () => broker.close(),
  });
});

test('the memory broker holds no more bytes than allowed, waiting or in work', async () => {
  const broker = new MemoryBroker({ maxBytes: 1000 });
  await broker.publish(QUEUES.events, Buffer.alloc(600));
  const over = broker.publish(QUEUES.deliveries, Buffer.alloc(600));
  await expect(over).rejects.toBeInstanceOf(BrokerUnavailableError);
  await broker.publish(QUEUES.deliveries, Buffer.alloc(400));
  await broker.close();
});
