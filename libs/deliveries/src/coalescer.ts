export interface CoalescerOptions {
  /** Items of one flush: 100–300 rows are the sweet spot of an unnest statement. */
  readonly maxItems: number;
  /** Weight of one flush, for example its bytes; an item may weigh more and then goes alone. */
  readonly maxWeight?: number;
  /** Flushes under way at once, each with a connection of its own. */
  readonly maxInFlight: number;
  /** How long a busy coalescer waits for more; an idle one never waits. */
  readonly lingerMs: number;
}

interface Waiting<T, R> {
  readonly item: T;
  readonly weight: number;
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
}

/** Above this many items in a second, batches are worth a wait; below it every millisecond is latency for nothing. */
const BUSY_PER_SECOND = 300;

/** Gathers single items into batches: at once when idle, after a short linger when busy. */
export class Coalescer<T, R> {
  private waiting: Waiting<T, R>[] = [];
  private inFlight = 0;
  private cancelTimer: (() => void) | undefined;
  private windowStart = 0;
  private windowCount = 0;
  private isBusy = false;
  private idle: (() => void)[] = [];

  constructor(
    private readonly flush: (items: T[]) => Promise<R[]>,
    private readonly options: CoalescerOptions,
  ) {}

  /** Items that wait for a flush. */
  get size(): number {
    return this.waiting.length;
  }

  /** Resolves with this item's result once the batch that holds it is flushed. */
  add(item: T, weight = 1): Promise<R> {
    return new Promise<R>((resolve, reject) => {
      this.waiting.push({ item, weight, resolve, reject });
      this.count();
      this.schedule();
    });
  }

  /** Resolves when nothing waits and no flush is under way. */
  async drain(): Promise<void> {
    while (this.waiting.length > 0 || this.inFlight > 0) {
      this.flushNow();
      await new Promise<void>((resolve) => this.idle.push(resolve));
    }
  }

  private count(): void {
    this.windowCount += 1;
    const now = performance.now();
    if (now - this.windowStart < 100) return;
    this.isBusy = (this.windowCount * 1000) / (now - this.windowStart) > BUSY_PER_SECOND;
    this.windowStart = now;
    this.windowCount = 0;
  }

  private schedule(): void {
    if (this.inFlight >= this.options.maxInFlight) return;
    if (this.waiting.length >= this.options.maxItems) return this.flushNow();
    if (this.cancelTimer !== undefined) return;
    if (this.isBusy) {
      const timer = setTimeout(() => this.flushNow(), this.options.lingerMs);
      this.cancelTimer = () => clearTimeout(timer);
    } else {
      // Even when idle, one turn of the loop gathers what one socket read brought.
      const immediate = setImmediate(() => this.flushNow());
      this.cancelTimer = () => clearImmediate(immediate);
    }
  }

  private flushNow(): void {
    this.cancelTimer?.();
    this.cancelTimer = undefined;
    while (this.waiting.length > 0 && this.inFlight < this.options.maxInFlight) {
      void this.run(this.take());
    }
  }

  private take(): Waiting<T, R>[] {
    const { maxItems, maxWeight = Infinity } = this.options;
    let weight = 0;
    let count = 0;
    for (const { weight: added } of this.waiting) {
      if (count === maxItems || (count > 0 && weight + added > maxWeight)) break;
      weight += added;
      count += 1;
    }
    return this.waiting.splice(0, count);
  }

  private async run(batch: Waiting<T, R>[]): Promise<void> {
    this.inFlight += 1;
    try {
      const results = await this.flush(batch.map(({ item }) => item));
      batch.forEach(({ resolve }, index) => resolve(results[index] as R));
    } catch (error) {
      batch.forEach(({ reject }) => reject(error));
    } finally {
      this.inFlight -= 1;
      if (this.waiting.length > 0) this.schedule();
      if (this.inFlight === 0) this.idle.splice(0).forEach((resolve) => resolve());
    }
  }
}
