import { Logger } from '@nestjs/common';
import type { ChannelModel } from 'amqplib';
import { FailureLog } from '../failure-log.js';
import {
  type ConsumeOptions,
  type Consumer,
  MessageBroker,
  type MessageContent,
  type MessageHandler,
} from '../message-broker.js';
import { OutcomeRules } from '../outcome.js';
import { REDELIVERY, type RedeliveryPolicy } from '../redelivery.js';
import { DEAD_LETTER_QUEUE, DEAD_LETTER_REASON, DEAD_LETTERS, type QueueName, QUEUES } from '../topology.js';
import { AmqpConsumer } from './amqp.consumer.js';
import { AmqpLink, givenUpAfterMs } from './amqp.link.js';
import { AmqpPublisher, type PublisherOptions } from './amqp.publisher.js';
import { declareTopology } from './amqp.topology.js';
import { QueueGauge } from './queue-gauge.js';
import { Standstill } from './standstill.js';

export interface AmqpBrokerOptions extends Partial<Omit<PublisherOptions, 'url'>> {
  readonly url: string;
  readonly redelivery?: RedeliveryPolicy;
}

const DEFAULTS = {
  prefix: '',
  deadlineMs: 10_000,
  patienceMs: 1000,
  maxUnconfirmed: 10_000,
  maxUnconfirmedBytes: 64 * 1024 * 1024,
} as const;

/**
 * RabbitMQ 3.10 to 4: quorum queues, publisher confirms, and connections of their own for publishing and consuming,
 * because an alarm stops reading from connections that publish.
 */
export class AmqpBroker extends MessageBroker {
  private readonly logger = new Logger(AmqpBroker.name);
  private readonly options: PublisherOptions;
  private readonly rules: OutcomeRules;
  private readonly publisher: AmqpPublisher;
  private readonly gauge: QueueGauge;
  private readonly publishing: AmqpLink;
  private readonly consumers = new Set<AmqpConsumer>();
  private readonly standstill: Standstill;
  private consuming: AmqpLink | null = null;
  private consumingModel: ChannelModel | null = null;
  private isClosed = false;

  /** Begins to connect; nothing waits for it and nothing fails by it. */
  constructor({ redelivery = REDELIVERY, ...options }: AmqpBrokerOptions) {
    super();
    this.options = { ...DEFAULTS, ...options };
    this.rules = new OutcomeRules(redelivery);
    this.gauge = new QueueGauge({
      queues: Object.values(QUEUES),
      prefix: this.options.prefix,
      isIdle: (queue) => this.isIdle(queue),
      broken: (reason) => this.consuming?.reset(reason),
    });
    this.standstill = new Standstill(givenUpAfterMs(options.url), (ms) => this.stoodStill(ms));
    this.publisher = new AmqpPublisher(this.options, () => this.publishing);
    this.publishing = new AmqpLink({
      url: options.url,
      purpose: 'publishing',
      setup: (model) => this.publisher.attach(model),
    });
  }

  override publish(queue: QueueName, message: Buffer | MessageContent): Promise<void> {
    const body = Buffer.isBuffer(message) ? message : message.encode();
    this.gauge.moved(queue, 1);
    return this.publisher.publish({ queue, body });
  }

  override async consume(
    queue: QueueName,
    handler: MessageHandler,
    { prefetch }: ConsumeOptions,
  ): Promise<Consumer> {
    const log = new FailureLog(this.logger, queue);
    const consumer = new AmqpConsumer({
      queue: this.options.prefix + queue,
      // Applications publish to the other one themselves.
      isReplaceable: queue === QUEUES.deliveries,
      handler,
      prefetch,
      rules: this.rules,
      log,
      bury: (body, reason) => this.bury(queue, body, reason),
      arrived: () => this.standstill.look(),
      taken: () => this.gauge.moved(queue, -1),
      broken: (reason) => this.consuming?.reset(reason),
      stopped: (stopped) => this.consumers.delete(stopped),
    });
    this.consumers.add(consumer);
    this.consumingLink();
    await this.attachNow(consumer);
    return consumer;
  }

  override depth(queue: QueueName): number {
    if (!this.isClosed) this.consumingLink();
    return this.gauge.depth(queue);
  }

  override isReady(): boolean {
    return this.publisher.isReady && (this.consuming?.isUp ?? true);
  }

  override get isBlocked(): boolean {
    return this.publishing.blockedBecause !== null;
  }

  override async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    this.gauge.close();
    this.standstill.close();
    await Promise.all([...this.consumers].map((consumer) => consumer.stop(0)));
    this.publisher.close();
    await Promise.all([this.publishing.close(), this.consuming?.close()]);
  }

  /** What RabbitMQ sent before it gave this process up is read only now, and others have got it since. */
  private stoodStill(ms: number): void {
    for (const consumer of this.consumers) consumer.abandon();
    this.consuming?.reset(`nothing happened in this process for ${Math.round(ms / 1000)} s`);
  }

  /** Made when first needed: a process that only publishes has one connection. */
  private consumingLink(): AmqpLink {
    this.consuming ??= new AmqpLink({
      url: this.options.url,
      purpose: 'consuming',
      setup: (model) => this.attachConsumers(model),
    });
    return this.consuming;
  }

  private isIdle(queue: QueueName): boolean {
    const name = this.options.prefix + queue;
    const own = [...this.consumers].filter((consumer) => consumer.queue === name);
    return own.length > 0 && own.every((consumer) => consumer.isIdle());
  }

  private async attachConsumers(model: ChannelModel): Promise<void> {
    await declareTopology(model, this.options);
    this.consumingModel = model;
    await this.gauge.attach(model);
    for (const consumer of this.consumers) await consumer.attach(model);
  }

  /** A consumer that comes after the setup; without a connection the next setup sees to it. */
  private async attachNow(consumer: AmqpConsumer): Promise<void> {
    if (this.consumingModel === null) return;
    try {
      await consumer.attach(this.consumingModel);
    } catch (error) {
      this.consuming?.reset(`a consumer could not begin: ${String(error)}`);
    }
  }

  private bury(queue: QueueName, body: Buffer, reason: string): Promise<void> {
    const headers = { [DEAD_LETTER_REASON]: reason, [DEAD_LETTER_QUEUE]: queue };
    return this.publisher.publish({ queue: DEAD_LETTERS, body, headers });
  }
}
