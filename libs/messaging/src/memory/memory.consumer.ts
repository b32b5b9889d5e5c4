import { IdleWait } from '../idle-wait.js';
import type { BrokerMessage, Consumer, MessageContent, MessageHandler } from '../message-broker.js';
import type { Outcome, OutcomeRules } from '../outcome.js';

/** A message and how often it was handed out. Its bytes are made only for whoever asks for them. */
export class MemoryMessage implements BrokerMessage {
  readonly content?: MessageContent;

  constructor(
    private readonly message: Buffer | MessageContent,
    public deliveries = 0,
  ) {
    if (!Buffer.isBuffer(message)) this.content = message;
  }

  get body(): Buffer {
    return Buffer.isBuffer(this.message) ? this.message : this.message.encode();
  }

  get byteLength(): number {
    return this.message.byteLength;
  }

  get redelivered(): boolean {
    return this.deliveries > 1;
  }

  /** The same once more: a handler that outlived its grace still holds the old one and must not see it change. */
  again(): MemoryMessage {
    return new MemoryMessage(this.message, this.deliveries);
  }
}

/** What a consumer asks of its queue. */
export interface MemorySource {
  /** The message has left the queue for good. */
  done(message: MemoryMessage): void;
  giveBack(message: MemoryMessage): void;
  deadLetter(message: MemoryMessage, reason: string): void;
  failed(error: Error): void;
  /** A place is free. */
  wake(): void;
  detach(consumer: MemoryConsumer): void;
}

export interface MemoryConsumerParts {
  readonly handler: MessageHandler;
  readonly prefetch: number;
  readonly rules: OutcomeRules;
  readonly source: MemorySource;
}

/** Runs one handler over one queue, never more than `prefetch` messages at once. */
export class MemoryConsumer implements Consumer {
  private readonly running = new Set<MemoryMessage>();
  private readonly paused = new Map<MemoryMessage, NodeJS.Timeout>();
  private isStopped = false;
  private readonly waiting = new IdleWait();

  constructor(private readonly parts: MemoryConsumerParts) {}

  get hasRoom(): boolean {
    return !this.isStopped && this.running.size + this.paused.size < this.parts.prefetch;
  }

  take(message: MemoryMessage): void {
    message.deliveries += 1;
    this.running.add(message);
    const { handler, rules } = this.parts;
    void rules.run(handler, message, message.deliveries).then((outcome) => this.settle(message, outcome));
  }

  async stop(graceMs: number): Promise<void> {
    this.isStopped = true;
    this.parts.source.detach(this);
    for (const [message, timer] of this.paused) this.endPause(message, timer);
    if (this.running.size > 0 && graceMs > 0) await this.waiting.within(graceMs);
    for (const message of this.running) this.parts.source.giveBack(message);
    this.running.clear();
  }

  private settle(message: MemoryMessage, outcome: Outcome): void {
    // After a stop without enough grace the message has gone back: this answer comes too late to count.
    if (!this.running.delete(message)) return;
    if (outcome.kind === 'ack') this.parts.source.done(message);
    else if (outcome.kind === 'dead-letter') this.parts.source.deadLetter(message, outcome.reason);
    else this.retry(message, outcome.pauseMs, outcome.error);
    this.parts.source.wake();
    if (this.running.size === 0) this.waiting.idle();
  }

  private retry(message: MemoryMessage, pauseMs: number, error: Error | null): void {
    if (error !== null) this.parts.source.failed(error);
    if (this.isStopped) {
      this.parts.source.giveBack(message);
      return;
    }
    const timer = setTimeout(() => this.endPause(message, timer), pauseMs).unref();
    this.paused.set(message, timer);
  }

  private endPause(message: MemoryMessage, timer: NodeJS.Timeout): void {
    clearTimeout(timer);
    this.paused.delete(message);
    this.parts.source.giveBack(message);
  }
}
