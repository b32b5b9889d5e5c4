import { afterEach, beforeEach, expect, test } from 'vitest';
import { Engine } from './engine.js';

/** RabbitMQ is asked for, and nobody listens there. */
const AMQP_URL = 'amqp://guest:guest@127.0.0.1:9';

let engine: Engine;
beforeEach(async () => {
  engine = await Engine.start(undefined, { AMQP_URL });
});
afterEach(() => engine.stop());

test('what is accepted while RabbitMQ is away is delivered meanwhile', async () => {
  await engine.subscribe();
  const accepted = await Promise.all(Array.from({ length: 30 }, () => engine.publish()));
  await engine.receiver.receives(30);
  await Promise.all(accepted.map(({ id }) => engine.settled(id, 'delivered')));
});

test('what failed is tried again while RabbitMQ is away', async () => {
  await engine.subscribe({ scheduleSeconds: [0, 0, 0] });
  engine.receiver.behave(500, 200);
  const { id } = await engine.publish();
  expect((await engine.settled(id, 'delivered')).attempts).toHaveLength(2);
});
