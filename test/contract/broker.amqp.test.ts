import { afterAll, beforeAll, expect, test } from 'vitest';
import { EVENTS_EXCHANGE, QUEUES } from '#libs/messaging';
import { eventually } from '../support/eventually.js';
import { AmqpPlace } from '../support/rabbitmq/amqp-place.js';
import { type RabbitServer, startRabbit } from '../support/rabbitmq/index.js';
import { brokerContract } from './broker.contract.js';
import { Seen } from './consumers.js';

let own: RabbitServer | null = null;
let url = process.env.TEST_AMQP_URL ?? '';

beforeAll(async () => {
  if (url !== '') return;
  own = await startRabbit();
  url = own.url;
}, 300_000);

afterAll(() => own?.stop(), 30_000);

brokerContract('RabbitMQ', async ({ capacity, redelivery }) => {
  const place = new AmqpPlace(url);
  const broker = await place.broker({
    redelivery,
    ...(capacity === undefined ? {} : { maxUnconfirmed: capacity }),
  });
  return {
    broker,
    deadLetters: async () => (await place.deadLetters()).map(({ reason, body }) => ({ reason, body })),
    close: () => place.close(),
  };
});

test('JSON that another application publishes to the exchange arrives, whatever its routing key', async () => {
  const place = new AmqpPlace(url);
  const broker = await place.broker();
  const seen = new Seen();
  await broker.consume(QUEUES.events, seen.answering('ack'), { prefetch: 10 });
  const channel = await place.channel();
  const event = JSON.stringify({ type: 'shop.order.paid', data: { id: 7 } });
  channel.publish(place.prefix + EVENTS_EXCHANGE, 'any.key.at.all', Buffer.from(event));
  channel.publish(place.prefix + EVENTS_EXCHANGE, '', Buffer.from(event));
  await eventually(() => expect(seen.bodies).toEqual([event, event]));
  await place.close();
});

test('a lone publish is confirmed in milliseconds: the socket does not wait to fill a packet', async () => {
  const place = new AmqpPlace(url);
  const broker = await place.broker();
  await broker.publish(QUEUES.deliveries, Buffer.alloc(512));
  const tookMs: number[] = [];
  for (let round = 0; round < 50; round += 1) {
    const begin = performance.now();
    await broker.publish(QUEUES.deliveries, Buffer.alloc(512));
    tookMs.push(performance.now() - begin);
  }
  const median = tookMs.toSorted((a, b) => a - b)[25] ?? Infinity;
  console.log(`publish to confirm, median of 50: ${median.toFixed(2)} ms`);
  expect(median).toBeLessThan(20);
  await place.close();
});

test("the broker's own delivery limit buries what its consumers never settle, and says so", async () => {
  const place = new AmqpPlace(url);
  const broker = await place.broker({
    brokerDeliveryLimit: 2,
    redelivery: { limit: 1000, firstPauseMs: 1, maxPauseMs: 1 },
  });
  const seen = new Seen();
  await broker.consume(QUEUES.deliveries, seen.answering('requeue'), { prefetch: 1 });
  await broker.publish(QUEUES.deliveries, Buffer.from('poison'));
  const letters = await eventually(async () => {
    const found = await place.deadLetters();
    expect(found.length).toBe(1);
    return found;
  });
  expect(letters[0]?.headers['x-first-death-reason']).toBe('delivery_limit');
  await place.close();
});
