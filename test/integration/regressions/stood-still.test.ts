import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { QUEUES } from '#libs/messaging';
import { Seen } from '../../contract/consumers.js';
import { OwnRabbit } from '../../contract/own-rabbit.js';
import { eventually } from '../../support/eventually.js';

const own = new OwnRabbit();
/** RabbitMQ gives a silent consumer up within three heartbeats. */
const HEARTBEAT = '?heartbeat=1';
const STANDSTILL_MS = 3500;

/** It was read by a frozen dispatcher when RabbitMQ had long given it to another one, and both sent its deliveries. */
test('a message that reached a process which stood still is taken only as the one that RabbitMQ brings again', async () => {
  const broker = await own.place.broker({ url: own.rabbit.url + HEARTBEAT });
  const seen = new Seen();
  await broker.consume(QUEUES.deliveries, seen.answering('ack'), { prefetch: 5 });
  await eventually(() => expect(broker.isReady()).toBe(true));

  standStill({ url: own.rabbit.url, queue: own.place.prefix + QUEUES.deliveries });
  await eventually(() => expect(seen.bodies).toEqual(['meanwhile']));
  expect(seen.redelivered).toEqual([true]);

  await broker.publish(QUEUES.deliveries, Buffer.from('afterwards'));
  await eventually(() => expect(seen.bodies).toEqual(['meanwhile', 'afterwards']));
});

/** Blocks this thread, while another one publishes and RabbitMQ gives us up. */
function standStill(place: { url: string; queue: string }): void {
  const cell = new Int32Array(new SharedArrayBuffer(4));
  const workerData = { ...place, cell, amqplib: import.meta.resolve('amqplib'), ms: STANDSTILL_MS };
  new Worker(new URL(`data:text/javascript,${encodeURIComponent(MEANWHILE)}`), { workerData });
  expect(Atomics.wait(cell, 0, 0, 30_000)).toBe('ok');
}

const MEANWHILE = `
import { workerData } from 'node:worker_threads';
const { url, queue, cell, amqplib, ms } = workerData;
const { default: { connect } } = await import(amqplib);
const model = await connect(url);
const channel = await model.createConfirmChannel();
channel.sendToQueue(queue, Buffer.from('meanwhile'), { persistent: true });
await channel.waitForConfirms();
await model.close();
setTimeout(() => Atomics.notify(cell, 0), ms);
`;
