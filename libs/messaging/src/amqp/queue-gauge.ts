import type { Channel, ChannelModel } from 'amqplib';
import type { QueueName } from '../topology.js';

const REFRESH_MS = 250;
/** With an idle consumer of ours the broker is asked this often even if nobody wants to know. */
const WATCH_MS = 2000;
/** Looks in a row that must agree: messages may be on their way at one. */
const LOOKS = 3;

interface Count {
  /** Waiting when the broker was last asked. */
  seen: number;
  /** What this process has put in and taken out since. */
  since: number;
  /** Looks in a row at which messages waited although our consumer had its hands free. */
  deserted: number;
  /** Whether anything came to us since the last look. */
  hasCome: boolean;
}

export interface GaugeParts {
  readonly queues: readonly QueueName[];
  readonly prefix: string;
  /** Whether this process consumes the queue and has nothing of it in hand. */
  readonly isIdle: (queue: QueueName) => boolean;
  /** A queue is gone, or our consumer of it. */
  readonly broken: (reason: string) => void;
}

/** Knows how many messages wait: asks the broker while somebody wants to know, and counts our own doings in between. */
export class QueueGauge {
  private readonly counts: Map<QueueName, Count>;
  private channel: Channel | null = null;
  private timer: NodeJS.Timeout | null = null;
  private isAsking = false;
  private isWanted = true;

  private askedAt = 0;

  constructor(private readonly parts: GaugeParts) {
    this.counts = new Map(
      parts.queues.map((queue) => [queue, { seen: 0, since: 0, deserted: 0, hasCome: false }]),
    );
  }

  depth(queue: QueueName): number {
    this.isWanted = true;
    const count = this.counts.get(queue);
    return count === undefined ? 0 : Math.max(0, count.seen + count.since);
  }

  moved(queue: QueueName, messages: 1 | -1): void {
    const count = this.counts.get(queue);
    if (count !== undefined && messages === -1) count.hasCome = true;
    // Before the first look at the broker there is nothing to count from.
    if (count !== undefined && this.timer !== null) count.since += messages;
  }

  /** Part of the link's setup. */
  async attach(model: ChannelModel): Promise<void> {
    const channel = await model.createChannel();
    channel.on('error', () => undefined);
    channel.on('close', () => {
      if (this.channel !== channel) return;
      this.channel = null;
      if (this.timer !== null) this.parts.broken('a queue is gone');
    });
    this.channel = channel;
    this.timer ??= setInterval(() => void this.refresh(), REFRESH_MS).unref();
    await this.refresh();
  }

  close(): void {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
  }

  private async refresh(): Promise<void> {
    const channel = this.channel;
    if (channel === null || this.isAsking || !this.isDue()) return;
    this.isAsking = true;
    this.askedAt = performance.now();
    this.isWanted = false;
    try {
      for (const [queue, count] of this.counts) {
        const before = count.since;
        const { messageCount } = await channel.checkQueue(this.parts.prefix + queue);
        count.seen = messageCount;
        count.since -= before;
        this.watch(queue, count);
      }
    } catch {
      // A missing queue or a lost connection closes the channel, and that is dealt with there.
    } finally {
      this.isAsking = false;
    }
  }

  private isDue(): boolean {
    if (this.isWanted) return true;
    const isIdle = this.parts.queues.some((queue) => this.parts.isIdle(queue));
    return isIdle && performance.now() - this.askedAt > WATCH_MS;
  }

  /**
   * A quorum queue that is deleted and declared again within moments can keep its consumer and send it nothing (seen
   * with RabbitMQ 3.10: the channel takes the new queue's messages for old ones). Messages wait, our hands are free, and
   * without a new channel it would stay so for ever.
   */
  private watch(queue: QueueName, count: Count): void {
    const isDeserted = count.seen > 0 && !count.hasCome && this.parts.isIdle(queue);
    count.hasCome = false;
    count.deserted = isDeserted ? count.deserted + 1 : 0;
    if (count.deserted < LOOKS) return;
    count.deserted = 0;
    this.parts.broken(`the broker gives our consumer of ${queue} nothing of what waits`);
  }
}
