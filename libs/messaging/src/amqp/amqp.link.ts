import type { Duplex } from 'node:stream';
import { Logger } from '@nestjs/common';
import { type ChannelModel, connect, type RecoveringChannelModel } from 'amqplib';
import { LeaderlessQueueError } from './leaderless.js';

/** A broker that stops answering is noticed within two of these. */
const HEARTBEAT_SECONDS = 10;
const CONNECT_TIMEOUT_MS = 5000;
const CLOSE_TIMEOUT_MS = 2000;
/** A queue without a leader does not answer. Long enough for an election, short enough that the log soon says so. */
const SETUP_TIMEOUT_MS = 20_000;
/** What closes a channel may do so again at once, for example somebody who deletes a queue in a loop. */
const RESET_SPACING_MS = 5000;
const RESET_PAUSE_MS = 1000;
/** Many processes lose a broker at the same moment; jitter keeps them from coming back at the same moment. */
const BACKOFF = { initialDelay: 100, maxDelay: 5000, factor: 2, jitter: 0.5 } as const;

export interface LinkParts {
  readonly url: string;
  /** For the log and for RabbitMQ's list of connections. */
  readonly purpose: string;
  /** Makes everything that must exist on a fresh connection; runs again after each reconnect. */
  readonly setup: (model: ChannelModel) => Promise<void>;
}

/** One connection that comes back by itself. It never throws into the process, however often the broker dies. */
export class AmqpLink {
  private readonly logger = new Logger('RabbitMQ');
  private readonly recovering: Promise<RecoveringChannelModel>;
  private model: ChannelModel | null = null;
  private blocked: string | null = null;
  private downAt: number | null = Date.now();
  private isLogged = false;
  private lastResetAt = 0;
  /** A fault that came while the connection was still being set up. */
  private faultInSetup: string | null = null;

  constructor(private readonly parts: LinkParts) {
    this.recovering = this.connect(withHeartbeat(parts.url));
  }

  get isUp(): boolean {
    return this.model !== null;
  }

  /** Why the broker takes no messages (memory or disk alarm), or null. */
  get blockedBecause(): string | null {
    return this.blocked;
  }

  /** How long there has been no connection; 0 when there is one. */
  get downForMs(): number {
    return this.downAt === null ? 0 : Date.now() - this.downAt;
  }

  /**
   * Drops the connection so that all of it is set up anew. One way back for every fault of a channel: amqplib recovers
   * connections and not channels.
   */
  reset(reason: string): void {
    const model = this.model;
    if (model === null) {
      this.faultInSetup = reason;
      return;
    }
    // Later, as a lost connection closes its channels before it tells us of itself; and slower when it happens again.
    const pauseMs = Date.now() - this.lastResetAt < RESET_SPACING_MS ? RESET_PAUSE_MS : 0;
    setTimeout(() => this.drop(model, reason), pauseMs).unref();
  }

  async close(): Promise<void> {
    const recovering = await this.recovering;
    this.model = null;
    await recovering.close();
  }

  private drop(model: ChannelModel, reason: string): void {
    if (this.model !== model) return;
    this.model = null;
    this.lastResetAt = Date.now();
    this.logger.warn(`Connecting anew (${this.parts.purpose}): ${reason}`);
    this.isLogged = true;
    model.close().catch(() => undefined);
  }

  private async connect(url: string): Promise<RecoveringChannelModel> {
    const recovering = await connect(url, {
      noDelay: true,
      timeout: CONNECT_TIMEOUT_MS,
      clientProperties: { connection_name: `bellhop ${this.parts.purpose}` },
      recovery: { ...BACKOFF, waitForConnect: false, setup: (model: ChannelModel) => this.setUp(model) },
    });
    recovering.on('error', () => undefined); // 'disconnect' follows and tells the same
    recovering.on('connect', (model) => this.cameUp(model));
    recovering.on('disconnect', (error) => this.wentDown(error));
    recovering.on('connect-failed', (error) => this.wentDown(error));
    recovering.on('blocked', (reason) => this.stopsTaking(reason));
    recovering.on('unblocked', () => this.takesAgain());
    return recovering;
  }

  private async setUp(model: ChannelModel): Promise<void> {
    // amqplib listens only after this function: a connection lost before would be an uncaught 'error' event.
    model.on('error', () => undefined);
    boundClose(model);
    this.faultInSetup = null;
    await withDeadline(this.parts.setup(model));
  }

  private cameUp(model: ChannelModel): void {
    this.model = model;
    this.downAt = null;
    this.blocked = null;
    if (this.isLogged)
      this.logger.log(`Connected again to ${withoutSecrets(this.parts.url)} (${this.parts.purpose}).`);
    this.isLogged = false;
    if (this.faultInSetup !== null) this.reset(this.faultInSetup);
  }

  private wentDown(error: Error): void {
    this.model = null;
    this.downAt ??= Date.now();
    if (error instanceof LeaderlessQueueError) this.logger.error(error.message);
    if (this.isLogged) return;
    this.isLogged = true;
    const place = withoutSecrets(this.parts.url);
    this.logger.warn(`No connection to ${place} (${this.parts.purpose}), trying on: ${error.message}`);
  }

  private stopsTaking(reason: string): void {
    this.blocked = reason;
    this.logger.warn(`RabbitMQ takes no messages: ${reason}`);
  }

  private takesAgain(): void {
    this.blocked = null;
    this.logger.log('RabbitMQ takes messages again.');
  }
}

/** Without it a queue that never answers would hold the connection in its setup for good, and silently. */
async function withDeadline(setup: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error('RabbitMQ did not answer while queues were set up')),
      SETUP_TIMEOUT_MS,
    );
  });
  try {
    await Promise.race([setup, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * amqplib's `close` waits for the broker's answer without end, also when the connection is lost meanwhile, and its
 * recovery waits for `close`: a broker that dies at that moment would leave us without a connection for good.
 */
function boundClose(model: ChannelModel): void {
  const close = model.close.bind(model);
  model.close = () => {
    const closing = close();
    closing.catch(() => undefined);
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        destroySocket(model);
        resolve();
      }, CLOSE_TIMEOUT_MS);
      const finish = (): void => {
        clearTimeout(timer);
        resolve();
      };
      closing.then(finish, finish);
    });
  };
}

/** The socket is not part of amqplib's types; there is no other way to end a connection that does not answer. */
function destroySocket(model: ChannelModel): void {
  const { stream } = model.connection as { stream?: Duplex };
  stream?.destroy(new Error('the broker did not answer the close'));
}

/**
 * How long a process must have been silent for RabbitMQ to have given it up, at the earliest: it looks once in each
 * interval, gives up when two looks found nothing new, and the last sign of life may be half an interval old.
 */
export function givenUpAfterMs(url: string): number {
  const seconds = Number(new URL(withHeartbeat(url)).searchParams.get('heartbeat'));
  return seconds > 0 ? seconds * 1500 : Infinity;
}

/** An URL that cannot be read is not quoted: it holds a password. */
function withHeartbeat(text: string): string {
  if (!URL.canParse(text)) throw new TypeError('The address of RabbitMQ is not a URL.');
  const url = new URL(text);
  if (!url.searchParams.has('heartbeat')) url.searchParams.set('heartbeat', String(HEARTBEAT_SECONDS));
  return url.href;
}

function withoutSecrets(text: string): string {
  const url = new URL(text);
  return `${url.protocol}//${url.host}${url.pathname}`;
}
