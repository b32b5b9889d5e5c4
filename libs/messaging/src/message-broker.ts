import type { OnApplicationShutdown } from '@nestjs/common';
import type { QueueName } from './topology.js';

/**
 * What a handler says of a message. `requeue`: not now, give it to somebody again after a pause.
 * `deadLetter`: nobody can ever work on it, for this reason.
 */
export type Disposition = 'ack' | 'requeue' | { readonly deadLetter: string };

/**
 * What a message says, as its publisher has it. Within one process it travels as it is; a broker outside gets its
 * bytes. It must not change once it is published.
 */
export interface MessageContent {
  /** Memory that it keeps, about. */
  readonly byteLength: number;
  encode(): Buffer;
}

export interface BrokerMessage {
  readonly body: Buffer;
  /** The publisher's own object, when it never left this process. */
  readonly content?: MessageContent;
  /** Somebody had it before: the work may be done already, wholly or in part. */
  readonly redelivered: boolean;
}

export type MessageHandler = (message: BrokerMessage) => Promise<Disposition>;

export interface ConsumeOptions {
  /** Messages in handlers' hands at once; also the most that goes back when this process dies. */
  readonly prefetch: number;
}

export interface Consumer {
  /** Takes nothing more at once, waits for handlers in flight up to `graceMs`; what is unfinished then goes back. */
  stop(graceMs: number): Promise<void>;
}

/**
 * Carries work between the parts of the platform. It never carries truth: whoever publishes must be able to publish
 * again, and whoever consumes must bear a message twice, because a broker may lose, repeat and reorder.
 */
export abstract class MessageBroker implements OnApplicationShutdown {
  /**
   * Resolves when the broker holds the message. Rejects with `BrokerUnavailableError` when it cannot be had in time or
   * has no room; the message may have arrived even then.
   */
  abstract publish(queue: QueueName, message: Buffer | MessageContent): Promise<void>;

  /**
   * Hands each message to one consumer. A handler that throws means our own fault: the message comes again after a
   * growing pause and, when it has failed too often, becomes a dead letter with the error as its reason. A paused
   * message keeps its place in the prefetch window, so that a fault which hits everything slows the intake down.
   */
  abstract consume(queue: QueueName, handler: MessageHandler, options: ConsumeOptions): Promise<Consumer>;

  /** Messages that wait for a consumer, to the best of this process's knowledge; cheap enough for every loop. */
  abstract depth(queue: QueueName): number;

  /** Whether a publish would be tried now. */
  abstract isReady(): boolean;

  /** Whether the broker is there and takes no messages, for want of memory or disk. */
  get isBlocked(): boolean {
    return false;
  }

  /** Stops consumers without grace and lets go of the broker. Safe to call twice. */
  abstract close(): Promise<void>;

  /** Last of the shutdown hooks: consumers were stopped with grace in earlier ones. */
  onApplicationShutdown(): Promise<void> {
    return this.close();
  }
}
