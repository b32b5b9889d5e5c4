import type { Channel, ChannelModel } from 'amqplib';
import type { QueueName } from '../topology.js';

const REFRESH_MS = 250;

interface Count {
  /** Waiting when the broker was last asked. */
  seen: number;
  /** What this process has put in and taken out since. */
  since: number;
}

/** Knows how many messages wait: asks the broker while somebody wants to know, and counts our own doings in between. */
export class QueueGauge {
  private readonly counts: Map<QueueName, Count>;
  private channel: Channel | null = null;
  private timer: NodeJS.Timeout | null = null;
  private isAsking = false;
  private isWanted = true;

  constructor(
    queues: readonly QueueName[],
    private readonly prefix: string,
    /** A queue is gone. */
    private readonly missing: () => void,
  ) {
    this.counts = new Map(queues.map((queue) => [queue, { seen: 0, since: 0 }]));
  }

  depth(queue: QueueName): number {
    this.isWanted = true;
    const count = this.counts.get(queue);
    return count === undefined ? 0 : Math.max(0, count.seen + count.since);
  }

  moved(queue: QueueName, messages: 1 | -1): void {
    const count = this.counts.get(queue);
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
      if (this.timer !== null) this.missing();
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
    if (channel === null || this.isAsking || !this.isWanted) return;
    this.isAsking = true;
    this.isWanted = false;
    try {
      for (const [queue, count] of this.counts) {
        const before = count.since;
        const { messageCount } = await channel.checkQueue(this.prefix + queue);
        count.seen = messageCount;
        count.since -= before;
      }
    } catch {
      // A missing queue or a lost connection closes the channel, and that is dealt with there.
    } finally {
      this.isAsking = false;
    }
  }
}
