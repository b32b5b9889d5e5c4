import type { ChannelModel, ConsumeMessage } from 'amqplib';
import type { FailureLog } from '../failure-log.js';
import type { Consumer, MessageHandler } from '../message-broker.js';
import type { Outcome, OutcomeRules } from '../outcome.js';
import { AmqpSession } from './amqp.session.js';
import { answerAbout, LeaderlessQueueError, removeQueue } from './leaderless.js';

const CLOSE_TIMEOUT_MS = 2000;

export interface AmqpConsumerParts {
  /** With its prefix. */
  readonly queue: string;
  /** Whether all that it may hold is in PostgreSQL too. */
  readonly isReplaceable: boolean;
  readonly handler: MessageHandler;
  readonly prefetch: number;
  readonly rules: OutcomeRules;
  readonly log: FailureLog;
  /** Lays the message in the grave with a reason; resolves when it is held there. */
  readonly bury: (body: Buffer, reason: string) => Promise<void>;
  /** Before anything is done with what arrived; it may call `abandon`. */
  readonly arrived: () => void;
  readonly taken: () => void;
  /** The channel is of no use any more. */
  readonly broken: (reason: string) => void;
  readonly stopped: (consumer: AmqpConsumer) => void;
}

/** Runs one handler over one queue, on a fresh channel after each reconnect. */
export class AmqpConsumer implements Consumer {
  private session: AmqpSession | null = null;
  private attachedTo: ChannelModel | null = null;
  private consumerTag = '';
  private isStopped = false;

  constructor(private readonly parts: AmqpConsumerParts) {}

  /** With its prefix. */
  get queue(): string {
    return this.parts.queue;
  }

  /** Attached, and with no message in hand. */
  isIdle(): boolean {
    return this.session !== null && this.session.isIdle();
  }

  /** Part of the link's setup; once for each connection, however often it is called. */
  async attach(model: ChannelModel): Promise<void> {
    if (this.isStopped || this.attachedTo === model) return;
    this.attachedTo = model;
    const channel = await model.createChannel();
    const session = new AmqpSession(channel, this.parts.prefetch);
    let fault = 'the channel was closed';
    channel.on('error', (error: Error) => (fault = error.message));
    channel.on('close', () => {
      session.close();
      if (this.session === session && !this.isStopped) this.parts.broken(fault);
    });
    await channel.prefetch(this.parts.prefetch);
    // What was stopped meanwhile keeps an idle channel until the connection ends, and takes nothing.
    if (this.isStopped) return;
    this.session = session;
    const begun = channel.consume(this.parts.queue, (message) => this.receive(session, message));
    this.consumerTag = (await this.answered(model, begun)).consumerTag;
  }

  async stop(graceMs: number): Promise<void> {
    if (this.isStopped) return;
    this.isStopped = true;
    this.parts.stopped(this);
    const session = this.session;
    if (session === null) return;
    session.channel.cancel(this.consumerTag).catch(() => undefined);
    await session.drain(graceMs);
    await within(CLOSE_TIMEOUT_MS, session.channel.close());
    session.close();
  }

  /** Takes nothing more from this connection, and nothing that it took is answered for; the next one begins anew. */
  abandon(): void {
    this.session?.close();
    this.session = null;
  }

  private async answered<T>(model: ChannelModel, answer: PromiseLike<T>): Promise<T> {
    try {
      return await answerAbout(this.parts.queue, answer);
    } catch (error) {
      if (error instanceof LeaderlessQueueError && this.parts.isReplaceable) {
        await removeQueue(model, this.parts.queue);
      }
      throw error;
    }
  }

  private receive(session: AmqpSession, message: ConsumeMessage | null): void {
    this.parts.arrived();
    if (session !== this.session) return;
    if (message === null) {
      if (!this.isStopped) this.parts.broken(`the consumer of ${this.parts.queue} was cancelled`);
      return;
    }
    this.parts.taken();
    session.began(message);
    if (this.isStopped) session.giveBack(message);
    else void this.work(session, message);
  }

  private async work(session: AmqpSession, message: ConsumeMessage): Promise<void> {
    const { handler, rules } = this.parts;
    const given = { body: message.content, redelivered: message.fields.redelivered };
    const outcome = await rules.run(handler, given, deliveriesOf(message));
    if (outcome.kind === 'dead-letter') return this.bury(session, message, outcome);
    if (outcome.kind === 'retry' && outcome.error !== null) this.parts.log.failed(outcome.error);
    if (outcome.kind === 'retry' && this.isStopped) session.giveBack(message);
    else session.settle(message, outcome);
  }

  private async bury(
    session: AmqpSession,
    message: ConsumeMessage,
    { reason }: Extract<Outcome, { kind: 'dead-letter' }>,
  ): Promise<void> {
    this.parts.log.deadLetter(reason);
    try {
      await this.parts.bury(message.content, reason);
      session.settle(message, { kind: 'ack' });
    } catch {
      // RabbitMQ moves it by itself then, without our reason.
      session.refuse(message);
    }
  }
}

/** A quorum queue counts the deliveries that failed before this one. */
function deliveriesOf(message: ConsumeMessage): number {
  const failed: unknown = message.properties.headers?.['x-delivery-count'];
  return (typeof failed === 'number' ? failed : 0) + 1;
}

/** For an answer that may never come. */
async function within(ms: number, answer: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise((resolve) => (timer = setTimeout(resolve, ms)));
  await Promise.race([answer.catch(() => undefined), timeout]);
  clearTimeout(timer);
}
