import { Fifo } from '#libs/kernel';
import type { MessageContent, MessageHandler } from '../message-broker.js';
import type { FailureLog } from '../failure-log.js';
import type { OutcomeRules } from '../outcome.js';
import { MemoryConsumer, MemoryMessage, type MemorySource } from './memory.consumer.js';

export interface MemoryQueueParts {
  readonly rules: OutcomeRules;
  readonly log: FailureLog;
  /** The bytes of a message are free again. */
  readonly released: (bytes: number) => void;
  readonly buried: (message: MemoryMessage, reason: string) => void;
}

/** One queue: messages wait in order, and free consumers take them in turn. */
export class MemoryQueue implements MemorySource {
  private readonly waiting = new Fifo<MemoryMessage>();
  private readonly consumers: MemoryConsumer[] = [];
  private turn = 0;
  private isPumping = false;

  constructor(private readonly parts: MemoryQueueParts) {}

  get depth(): number {
    return this.waiting.length;
  }

  add(message: Buffer | MessageContent): void {
    this.waiting.push(new MemoryMessage(message));
    this.wake();
  }

  attach(handler: MessageHandler, prefetch: number): MemoryConsumer {
    const consumer = new MemoryConsumer({ handler, prefetch, rules: this.parts.rules, source: this });
    this.consumers.push(consumer);
    this.wake();
    return consumer;
  }

  async stopAll(): Promise<void> {
    await Promise.all(this.consumers.slice().map((consumer) => consumer.stop(0)));
  }

  /**
   * One turn of the event loop later: never inside `publish`, once for all that is published and finished in this
   * turn, and after I/O had its chance, so that busy handlers cannot starve sockets.
   */
  wake(): void {
    if (this.isPumping || this.waiting.length === 0) return;
    this.isPumping = true;
    setImmediate(() => {
      this.isPumping = false;
      this.pump();
    });
  }

  done(message: MemoryMessage): void {
    this.parts.released(message.byteLength);
  }

  giveBack(message: MemoryMessage): void {
    this.waiting.push(message.again());
    this.wake();
  }

  deadLetter(message: MemoryMessage, reason: string): void {
    this.parts.log.deadLetter(reason);
    this.parts.buried(message, reason);
    this.done(message);
  }

  failed(error: Error): void {
    this.parts.log.failed(error);
  }

  detach(consumer: MemoryConsumer): void {
    const index = this.consumers.indexOf(consumer);
    if (index >= 0) this.consumers.splice(index, 1);
  }

  private pump(): void {
    for (let consumer = this.free(); consumer !== undefined; consumer = this.free()) {
      const message = this.waiting.shift();
      if (message === undefined) return;
      consumer.take(message);
    }
  }

  private free(): MemoryConsumer | undefined {
    const count = this.consumers.length;
    for (let step = 0; step < count; step += 1) {
      const index = (this.turn + step) % count;
      const consumer = this.consumers[index];
      if (consumer?.hasRoom) {
        this.turn = index + 1;
        return consumer;
      }
    }
    return undefined;
  }
}
