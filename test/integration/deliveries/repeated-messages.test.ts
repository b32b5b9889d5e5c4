import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { DeliveryWorker } from '#libs/deliveries';
import { MessageBroker, type MessageHandler, QUEUES } from '#libs/messaging';
import { eventually } from '../../support/eventually.js';
import { Engine } from './engine.js';

/** What a broker may do to the messages of one process: they travel as bytes, many times, in any order. */
let engine: Engine;
let broker: MessageBroker;
let handle: MessageHandler;
const sent: Buffer[] = [];
let copies = 1;

beforeAll(async () => {
  engine = await Engine.start();
  broker = engine.app.get(MessageBroker);
  const publish = broker.publish.bind(broker);
  vi.spyOn(broker, 'publish').mockImplementation(async (queue, message) => {
    if (queue !== QUEUES.deliveries) return publish(queue, message);
    const body = Buffer.isBuffer(message) ? message : message.encode();
    sent.push(body);
    // As an object it never leaves the process, and its worker does not remember it.
    if (copies === 0) return publish(queue, message);
    for (let copy = 0; copy < copies; copy += 1) await publish(queue, body);
  });
  const consume = broker.consume.bind(broker);
  vi.spyOn(broker, 'consume').mockImplementation((queue, handler, options) => {
    if (queue === QUEUES.deliveries) handle = handler;
    return consume(queue, handler, options);
  });
  const worker = engine.app.get(DeliveryWorker);
  await worker.stop(1000);
  await worker.start();
  await engine.subscribe({ scheduleSeconds: [0, 0, 0] });
});
afterAll(() => engine.stop());
beforeEach(() => {
  engine.receiver.requests.length = 0;
  engine.receiver.behave(200);
  sent.length = 0;
  copies = 1;
});

const queueIsEmpty = (): Promise<void> => eventually(() => expect(broker.depth(QUEUES.deliveries)).toBe(0));

test('ten copies of each message make one POST of each delivery, while it is in hand and afterwards', async () => {
  copies = 10;
  engine.receiver.behave({ delayMs: 50, status: 200 });
  const events = await Promise.all(Array.from({ length: 30 }, () => engine.publish()));
  await Promise.all(events.map(({ id }) => engine.settled(id, 'delivered')));
  for (const body of [...sent].reverse()) await broker.publish(QUEUES.deliveries, body);
  await queueIsEmpty();
  const { id } = await engine.publish();
  await engine.settled(id, 'delivered');
  expect(engine.receiver.deliveries).toHaveLength(31);
});

test('a message that another worker had makes no POST for what that worker has settled', async () => {
  copies = 0;
  const { id } = await engine.publish();
  await engine.settled(id, 'delivered');
  expect(sent).toHaveLength(1);
  expect(await handle({ body: sent[0] as Buffer, redelivered: true })).toBe('ack');
  expect(engine.receiver.deliveries).toHaveLength(1);
});
