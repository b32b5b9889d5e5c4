import { Logger } from '@nestjs/common';
import { BrokerUnavailableError } from '../broker-unavailable.error.js';
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
import { QUEUES, type QueueName } from '../topology.js';
import { MemoryQueue } from './memory.queue.js';

export interface MemoryBrokerOptions {
  /** Messages that wait in one queue; a feeder keeps far fewer. */
  readonly maxWaiting?: number;
  /** Bytes of all messages held, waiting or in work. */
  readonly maxBytes?: number;
  readonly redelivery?: RedeliveryPolicy;
}

export interface DeadLetter {
  readonly queue: QueueName;
  readonly reason: string;
  readonly body: Buffer;
}

const MAX_WAITING = 10_000;
const MAX_BYTES = 64 * 1024 * 1024;
/** For a look after the fact; the truth is in PostgreSQL, and a reason is in the log. */
const MAX_DEAD_LETTERS = 100;
const HELD = Promise.resolve();

/** Hands work over inside one process. What it holds is gone with the process; PostgreSQL has it all again. */
export class MemoryBroker extends MessageBroker {
  private readonly logger = new Logger(MemoryBroker.name);
  private readonly queues: Map<QueueName, MemoryQueue>;
  private readonly buried: DeadLetter[] = [];
  private readonly maxWaiting: number;
  private readonly maxBytes: number;
  private bytes = 0;
  private isClosed = false;

  constructor(options: MemoryBrokerOptions = {}) {
    super();
    this.maxWaiting = options.maxWaiting ?? MAX_WAITING;
    this.maxBytes = options.maxBytes ?? MAX_BYTES;
    const rules = new OutcomeRules(options.redelivery ?? REDELIVERY);
    this.queues = new Map(Object.values(QUEUES).map((name) => [name, this.makeQueue(name, rules)]));
  }

  override publish(queue: QueueName, message: Buffer | MessageContent): Promise<void> {
    const target = this.queue(queue);
    if (this.isClosed) return Promise.reject(new BrokerUnavailableError('The broker is closed.'));
    if (target.depth >= this.maxWaiting || this.bytes + message.byteLength > this.maxBytes) {
      return Promise.reject(new BrokerUnavailableError(`The queue ${queue} is over capacity.`));
    }
    this.bytes += message.byteLength;
    target.add(message);
    return HELD;
  }

  override consume(queue: QueueName, handler: MessageHandler, options: ConsumeOptions): Promise<Consumer> {
    return Promise.resolve(this.queue(queue).attach(handler, options.prefetch));
  }

  override depth(queue: QueueName): number {
    return this.queue(queue).depth;
  }

  override isReady(): boolean {
    return !this.isClosed;
  }

  override async close(): Promise<void> {
    this.isClosed = true;
    await Promise.all([...this.queues.values()].map((queue) => queue.stopAll()));
  }

  /** The latest dead letters, oldest first. */
  deadLetters(): readonly DeadLetter[] {
    return this.buried;
  }

  private queue(name: QueueName): MemoryQueue {
    const queue = this.queues.get(name);
    if (queue === undefined) throw new TypeError(`no such queue: ${name}`);
    return queue;
  }

  private makeQueue(name: QueueName, rules: OutcomeRules): MemoryQueue {
    return new MemoryQueue({
      rules,
      log: new FailureLog(this.logger, name),
      released: (bytes) => (this.bytes -= bytes),
      buried: ({ body }, reason) => this.bury({ queue: name, reason, body }),
    });
  }

  private bury(letter: DeadLetter): void {
    this.buried.push(letter);
    if (this.buried.length > MAX_DEAD_LETTERS) this.buried.shift();
  }
}
