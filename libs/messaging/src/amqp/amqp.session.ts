import type { Channel, ConsumeMessage } from 'amqplib';
import { IdleWait } from '../idle-wait.js';
import type { Outcome } from '../outcome.js';
import { AckWindow } from './ack-window.js';

const ACK_DELAY_MS = 5;
const MAX_ACK_BATCH = 50;

/** What one channel has in hand. With the channel goes all of it: answers that come later count no more. */
export class AmqpSession {
  private readonly running = new Map<number, ConsumeMessage>();
  private readonly paused = new Map<number, NodeJS.Timeout>();
  private readonly window: AckWindow;
  private isOpen = true;
  private readonly waiting = new IdleWait();

  constructor(
    readonly channel: Channel,
    prefetch: number,
  ) {
    const batch = Math.max(1, Math.min(MAX_ACK_BATCH, Math.floor(prefetch / 5)));
    this.window = new AckWindow((tag, upTo) => this.acknowledge(tag, upTo), { batch, delayMs: ACK_DELAY_MS });
  }

  /** Open, and nothing in hand. */
  isIdle(): boolean {
    return this.isOpen && this.running.size === 0;
  }

  began(message: ConsumeMessage): void {
    this.running.set(message.fields.deliveryTag, message);
    this.window.opened(message.fields.deliveryTag);
  }

  settle(message: ConsumeMessage, outcome: Exclude<Outcome, { kind: 'dead-letter' }>): void {
    const tag = message.fields.deliveryTag;
    if (!this.isOpen || !this.running.has(tag)) return;
    if (outcome.kind === 'retry') {
      const timer = setTimeout(() => this.failed(message), outcome.pauseMs).unref();
      this.paused.set(tag, timer);
      return;
    }
    this.ended(tag);
    this.window.done(tag);
    this.tellIdle();
  }

  /** Refused through the broker's own dead-lettering. */
  refuse(message: ConsumeMessage): void {
    this.end(message, () => this.channel.nack(message, false, false));
  }

  /** Not counted as a failure by RabbitMQ 4.3 and later. */
  giveBack(message: ConsumeMessage): void {
    this.end(message, () => this.channel.nack(message, false, true));
  }

  /** Takes no more pauses, waits for handlers, and leaves what is unfinished to the broker. */
  async drain(graceMs: number): Promise<void> {
    for (const tag of this.paused.keys()) {
      const message = this.running.get(tag);
      if (message !== undefined) this.giveBack(message);
    }
    if (this.isOpen && this.running.size > 0 && graceMs > 0) await this.waiting.within(graceMs);
    this.window.flush();
    for (const message of this.running.values()) this.giveBack(message);
  }

  /** The channel is gone. */
  close(): void {
    this.isOpen = false;
    this.window.close();
    for (const timer of this.paused.values()) clearTimeout(timer);
    this.paused.clear();
    this.running.clear();
    this.tellIdle();
  }

  /** `reject`, not `nack`: since RabbitMQ 4.3 only that counts towards the delivery limit. */
  private failed(message: ConsumeMessage): void {
    this.end(message, () => this.channel.reject(message, true));
  }

  private end(message: ConsumeMessage, tell: () => void): void {
    const tag = message.fields.deliveryTag;
    if (!this.isOpen || !this.running.has(tag)) return;
    this.ended(tag);
    this.window.settled(tag);
    this.attempt(tell);
    this.tellIdle();
  }

  private ended(tag: number): void {
    this.running.delete(tag);
    clearTimeout(this.paused.get(tag));
    this.paused.delete(tag);
  }

  private tellIdle(): void {
    if (this.running.size === 0) this.waiting.idle();
  }

  private acknowledge(tag: number, upTo: boolean): void {
    this.attempt(() => this.channel.ack(tagOnly(tag), upTo));
  }

  /** A closing channel throws; its messages come again, which whoever consumes must bear anyway. */
  private attempt(tell: () => void): void {
    try {
      tell();
    } catch {
      this.close();
    }
  }
}

/** amqplib reads nothing but the tag of a message that it acknowledges. */
function tagOnly(deliveryTag: number): ConsumeMessage {
  return { fields: { deliveryTag } } as ConsumeMessage;
}
