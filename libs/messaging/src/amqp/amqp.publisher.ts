import type { ChannelModel, ConfirmChannel, Message } from 'amqplib';
import { BrokerUnavailableError } from '../broker-unavailable.error.js';
import type { AmqpLink } from './amqp.link.js';
import { declareTopology, type TopologyOptions } from './amqp.topology.js';

export interface PublisherOptions extends TopologyOptions {
  readonly url: string;
  readonly deadlineMs: number;
  /** How long a fresh outage is waited out; a longer one is answered at once. */
  readonly patienceMs: number;
  readonly maxUnconfirmed: number;
  readonly maxUnconfirmedBytes: number;
}

export interface Outgoing {
  readonly queue: string;
  readonly body: Buffer;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

interface Pending extends Outgoing {
  readonly id: string;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
  expiresAt: number;
  sends: number;
  isSent: boolean;
}

const SWEEP_MS = 100;
/** A queue that is gone is declared again and the message sent again; a second miss is somebody else's doing. */
const MAX_SENDS = 2;
/** amqplib's word for a message that the broker answered with no; all else means that there was no answer. */
const NACKED = 'message nacked';

/** Publishes persistent messages and pipelines the broker's confirms: a confirm may take hundreds of milliseconds. */
export class AmqpPublisher {
  private readonly pending = new Map<string, Pending>();
  private channel: ConfirmChannel | null = null;
  private model: ChannelModel | null = null;
  private bytes = 0;
  private lastId = 0;
  private sweeper: NodeJS.Timeout | null = null;
  private isRepairing = false;
  private isClosed = false;
  /** Why the broker ended this connection. Its channels are told before us, and only that they are closed. */
  private fault: Error | null = null;

  constructor(
    private readonly options: PublisherOptions,
    private readonly link: () => AmqpLink,
  ) {}

  get isReady(): boolean {
    return !this.isClosed && this.channel !== null && this.link().blockedBecause === null;
  }

  /** Part of the link's setup. */
  async attach(model: ChannelModel): Promise<void> {
    await declareTopology(model, this.options);
    const channel = await model.createConfirmChannel();
    channel.on('error', () => undefined);
    channel.on('return', (message: Message) => this.returned(message));
    channel.on('close', () => this.detach(channel));
    model.on('error', (error: Error) => (this.fault = error));
    this.fault = null;
    this.channel = channel;
    this.model = model;
    this.sendWaiting();
  }

  publish(message: Outgoing): Promise<void> {
    const refusal = this.refusal(message.body);
    if (refusal !== null) return Promise.reject(new BrokerUnavailableError(refusal));
    return new Promise((resolve, reject) => {
      this.lastId += 1;
      const id = String(this.lastId);
      const patience = this.channel === null ? this.options.patienceMs : this.options.deadlineMs;
      const expiresAt = Date.now() + Math.min(patience, this.options.deadlineMs);
      const { queue, body, headers } = message;
      // Written out: with a spread here every publish costs twice the processor time (measured).
      const pending: Pending = {
        queue,
        body,
        headers,
        id,
        resolve,
        reject,
        expiresAt,
        sends: 0,
        isSent: false,
      };
      this.pending.set(id, pending);
      this.bytes += message.body.length;
      this.sweeper ??= setInterval(() => this.sweep(), SWEEP_MS);
      this.send(pending);
    });
  }

  close(): void {
    this.isClosed = true;
    for (const pending of this.pending.values()) this.fail(pending, 'The broker is closed.');
  }

  private refusal(body: Buffer): string | null {
    const { maxUnconfirmed, maxUnconfirmedBytes, patienceMs } = this.options;
    const link = this.link();
    if (this.isClosed) return 'The broker is closed.';
    if (link.blockedBecause !== null) return `RabbitMQ takes no messages: ${link.blockedBecause}`;
    if (link.downForMs > patienceMs) return 'There is no connection to RabbitMQ.';
    const isFull = this.pending.size >= maxUnconfirmed || this.bytes + body.length > maxUnconfirmedBytes;
    return isFull ? 'RabbitMQ is over capacity: too much is published and not confirmed.' : null;
  }

  private send(pending: Pending): void {
    if (this.channel === null || this.isRepairing) return;
    pending.isSent = true;
    pending.sends += 1;
    pending.expiresAt = Date.now() + this.options.deadlineMs;
    const { queue, body, headers, id, sends } = pending;
    const properties = { persistent: true, mandatory: true, messageId: id, headers };
    try {
      this.channel.publish('', this.options.prefix + queue, body, properties, (error: unknown) => {
        if (pending.isSent && pending.sends === sends) this.confirmed(pending, error);
      });
    } catch {
      // The channel is closing; what is to be sent waits for the next one.
      pending.isSent = false;
      this.channel = null;
    }
  }

  private sendWaiting(): void {
    for (const pending of this.pending.values()) if (!pending.isSent) this.send(pending);
  }

  private confirmed(pending: Pending, error: unknown): void {
    if (error) {
      const isRefused = error instanceof Error && error.message === NACKED;
      this.fail(
        pending,
        isRefused ? 'RabbitMQ refused the message.' : 'The connection was lost before the confirm.',
        this.fault ?? error,
      );
    } else if (this.forget(pending)) pending.resolve();
  }

  /** The queue is gone. The confirm that follows means only that the broker has dealt with the message. */
  private returned(message: Message): void {
    const pending = this.pending.get(String(message.properties.messageId));
    if (pending === undefined) return;
    pending.isSent = false;
    if (pending.sends >= MAX_SENDS) this.fail(pending, `The queue ${pending.queue} does not exist.`);
    if (!this.isRepairing) void this.repair();
  }

  private async repair(): Promise<void> {
    this.isRepairing = true;
    try {
      if (this.model !== null) await declareTopology(this.model, this.options);
    } catch (error) {
      this.link().reset(`the queues cannot be declared: ${String(error)}`);
    } finally {
      this.isRepairing = false;
    }
    this.sendWaiting();
  }

  private detach(channel: ConfirmChannel): void {
    if (this.channel !== channel && this.channel !== null) return;
    this.channel = null;
    if (!this.isClosed) this.link().reset('the publishing channel was closed');
  }

  private sweep(): void {
    const now = Date.now();
    for (const pending of this.pending.values()) {
      if (pending.expiresAt > now) continue;
      this.fail(
        pending,
        pending.isSent ? 'RabbitMQ did not confirm in time.' : 'There is no connection to RabbitMQ.',
      );
    }
  }

  private fail(pending: Pending, reason: string, cause?: unknown): void {
    if (this.forget(pending)) pending.reject(new BrokerUnavailableError(reason, cause));
  }

  private forget(pending: Pending): boolean {
    if (!this.pending.delete(pending.id)) return false;
    this.bytes -= pending.body.length;
    if (this.pending.size === 0 && this.sweeper !== null) {
      clearInterval(this.sweeper);
      this.sweeper = null;
    }
    return true;
  }
}
