/** Sends what the window decides; `upTo` acknowledges every open tag below as well. */
export type SendAck = (tag: number, upTo: boolean) => void;

export interface AckWindowOptions {
  /** Finished messages that are worth a flush at once; a fifth of the prefetch keeps the consumer fed. */
  readonly batch: number;
  readonly delayMs: number;
}

/**
 * Acknowledges finished messages of one channel in few frames: everything up to the highest tag below which nothing
 * is open goes as one, the rest one by one, so that a slow message does not hold the places of its finished
 * neighbours. RabbitMQ closes the channel on an unknown tag, so a tag that is settled is never named again.
 */
export class AckWindow {
  private readonly open = new Set<number>();
  private finished: number[] = [];
  private timer: NodeJS.Timeout | null = null;
  private isClosed = false;

  constructor(
    private readonly send: SendAck,
    private readonly options: AckWindowOptions,
  ) {}

  opened(tag: number): void {
    this.open.add(tag);
  }

  /** Put back or refused: the channel has told the broker already. */
  settled(tag: number): void {
    this.open.delete(tag);
  }

  done(tag: number): void {
    if (this.isClosed || !this.open.delete(tag)) return;
    this.finished.push(tag);
    if (this.finished.length >= this.options.batch) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), this.options.delayMs);
  }

  flush(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    if (this.isClosed || this.finished.length === 0) return;
    const finished = this.finished;
    this.finished = [];
    this.acknowledge(finished);
  }

  /** The channel is gone: its tags mean nothing any more, and the broker gives its messages to others. */
  close(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.isClosed = true;
  }

  private acknowledge(finished: readonly number[]): void {
    // Tags enter in order, so the first one in the set is the lowest.
    const [lowestOpen = Infinity] = this.open;
    let highest = 0;
    for (const tag of finished) {
      if (tag > lowestOpen) this.send(tag, false);
      else if (tag > highest) highest = tag;
    }
    if (highest > 0) this.send(highest, true);
  }
}
