export interface BatcherOptions {
  /** Items of one flush: 100–300 rows are the sweet spot of an unnest statement. */
  readonly maxItems: number;
  /** Weight of one flush, for example its bytes; an item may weigh more and then goes alone. */
  readonly maxWeight?: number;
  /** Flushes under way at once, each with a connection of its own. */
  readonly maxInFlight: number;
  /** How long a busy batcher waits for more; an idle one never waits. */
  readonly lingerMs: number;
}

/** Above this many items in a second, batches are worth a wait; below it every millisecond is latency for nothing. */
const BUSY_PER_SECOND = 300;
/** Over which the items of a second are estimated. */
const WINDOW_MS = 100;

/** Gathers single items into batches: at once when idle, after a short linger when busy. */
export class Batcher<T> {
  private items: T[] = [];
  private weights: number[] = [];
  private inFlight = 0;
  private cancelTimer: (() => void) | undefined;
  private windowStart = 0;
  private windowCount = 0;
  private isBusy = false;
  private idle: (() => void)[] = [];

  /** `flush` answers for its items itself; it never rejects. */
  constructor(
    private readonly flush: (items: T[]) => Promise<void>,
    private readonly options: BatcherOptions,
  ) {}

  /** Items that wait for a flush. */
  get size(): number {
    return this.items.length;
  }

  push(item: T, weight = 1): void {
    this.items.push(item);
    this.weights.push(weight);
    this.windowCount += 1;
    this.schedule();
  }

  /** Resolves when nothing waits and no flush is under way. */
  async drain(): Promise<void> {
    while (this.items.length > 0 || this.inFlight > 0) {
      this.flushNow();
      await new Promise<void>((resolve) => this.idle.push(resolve));
    }
  }

  private schedule(): void {
    if (this.inFlight >= this.options.maxInFlight) return;
    if (this.items.length >= this.options.maxItems) return this.flushNow();
    if (this.cancelTimer !== undefined) return;
    this.judgeLoad();
    if (this.isBusy) {
      const timer = setTimeout(() => this.flushNow(), this.options.lingerMs);
      this.cancelTimer = () => clearTimeout(timer);
    } else {
      // Even when idle, one turn of the loop gathers what one socket read brought.
      const immediate = setImmediate(() => this.flushNow());
      this.cancelTimer = () => clearImmediate(immediate);
    }
  }

  private judgeLoad(): void {
    const now = performance.now();
    if (now - this.windowStart < WINDOW_MS) return;
    this.isBusy = (this.windowCount * 1000) / (now - this.windowStart) > BUSY_PER_SECOND;
    this.windowStart = now;
    this.windowCount = 0;
  }

  private flushNow(): void {
    this.cancelTimer?.();
    this.cancelTimer = undefined;
    while (this.items.length > 0 && this.inFlight < this.options.maxInFlight) {
      void this.run(this.take());
    }
  }

  private take(): T[] {
    const { maxItems, maxWeight = Infinity } = this.options;
    let weight = 0;
    let count = 0;
    while (count < this.items.length && count < maxItems) {
      weight += this.weights[count] ?? 0;
      if (count > 0 && weight > maxWeight) break;
      count += 1;
    }
    this.weights.splice(0, count);
    return this.items.splice(0, count);
  }

  private async run(batch: T[]): Promise<void> {
    this.inFlight += 1;
    await this.flush(batch);
    this.inFlight -= 1;
    if (this.items.length > 0) this.schedule();
    if (this.inFlight === 0) this.idle.splice(0).forEach((resolve) => resolve());
  }
}
