import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DeliveryWorker } from '#libs/deliveries';
import { MessageBroker, type MessageHandler, QUEUES } from '#libs/messaging';
import { Engine } from '../deliveries/engine.js';

let engine: Engine;
beforeEach(async () => {
  engine = await Engine.start();
});
afterEach(() => engine.stop());

/** Its worker died with it, and RabbitMQ was away until the lease was over. The row of the lease was removed as done. */
test('a message that comes again after its lease loses no delivery, though nobody has reclaimed it yet', async () => {
  const broker = engine.app.get(MessageBroker);
  const worker = engine.app.get(DeliveryWorker);
  let handle: MessageHandler | undefined;
  const consume = broker.consume.bind(broker);
  vi.spyOn(broker, 'consume').mockImplementation((queue, handler, options) => {
    if (queue === QUEUES.deliveries) handle = handler;
    return consume(queue, handler, options);
  });
  await worker.stop(1000);
  await worker.start();
  await engine.subscribe();
  const sent: Buffer[] = [];
  const publish = vi.spyOn(broker, 'publish').mockImplementation(async (_queue, message) => {
    sent.push(Buffer.isBuffer(message) ? message : message.encode());
  });
  const { id } = await engine.publish();
  publish.mockRestore();

  await engine.db.query(`UPDATE delivery SET lease_until = now() - interval '1 second'`);
  expect(await handle?.({ body: sent[0] as Buffer, redelivered: true })).toBe('ack');
  await worker.stop(1000);
  expect(await engine.db.query('SELECT FROM delivery_lease')).toHaveLength(1);

  await engine.db.query('UPDATE delivery_lease SET lease_until = now()');
  await worker.start();
  const { attempts } = await engine.settled(id, 'delivered');
  expect(attempts).toHaveLength(1);
});
