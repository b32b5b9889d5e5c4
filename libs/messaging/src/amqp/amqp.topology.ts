import type { Channel, ChannelModel } from 'amqplib';
import { DEAD_LETTERS, EVENTS_EXCHANGE, QUEUES } from '../topology.js';

/**
 * RabbitMQ's own limit, above ours: it catches what kills its consumer before the consumer can count. Part of the
 * queue's identity, so a changed number needs a new queue.
 */
const BROKER_DELIVERY_LIMIT = 60;
/** Dead letters are for a look after the fact; the oldest give way before they fill the disk. */
const MAX_DEAD_LETTERS = 10_000;
const MAX_DEAD_LETTER_BYTES = 256 * 1024 * 1024;
/** RabbitMQ 4 drops after 20 deliveries by default, and whoever looks at a dead letter by hand delivers it. */
const NO_DELIVERY_LIMIT = 1_000_000;

export interface TopologyOptions {
  /** Put before every name, so that several platforms (or test files) can share a broker. */
  readonly prefix: string;
  readonly brokerDeliveryLimit?: number;
}

/** Declares queues, exchange and binding on a channel of its own; harmless when all is there already. */
export async function declareTopology(model: ChannelModel, options: TopologyOptions): Promise<void> {
  const channel = await model.createChannel();
  // A refused declaration is an 'error' event as well as a rejection; without a listener it would end the process.
  channel.on('error', () => undefined);
  await declareDeadLetters(channel, options);
  for (const name of Object.values(QUEUES)) await declareQueue(channel, name, options);
  await channel.assertExchange(options.prefix + EVENTS_EXCHANGE, 'topic', { durable: true });
  await channel.bindQueue(options.prefix + QUEUES.events, options.prefix + EVENTS_EXCHANGE, '#');
  await channel.close();
}

async function declareDeadLetters(channel: Channel, { prefix }: TopologyOptions): Promise<void> {
  await channel.assertQueue(prefix + DEAD_LETTERS, {
    durable: true,
    arguments: {
      'x-queue-type': 'quorum',
      'x-max-length': MAX_DEAD_LETTERS,
      'x-max-length-bytes': MAX_DEAD_LETTER_BYTES,
      'x-delivery-limit': NO_DELIVERY_LIMIT,
    },
  });
}

/** At-least-once dead-lettering (RabbitMQ 3.10) wants reject-publish: it keeps a message until its grave confirms. */
async function declareQueue(channel: Channel, name: string, options: TopologyOptions): Promise<void> {
  await channel.assertQueue(options.prefix + name, {
    durable: true,
    arguments: {
      'x-queue-type': 'quorum',
      'x-delivery-limit': options.brokerDeliveryLimit ?? BROKER_DELIVERY_LIMIT,
      'x-dead-letter-exchange': '',
      'x-dead-letter-routing-key': options.prefix + DEAD_LETTERS,
      'x-dead-letter-strategy': 'at-least-once',
      'x-overflow': 'reject-publish',
    },
  });
}
