import type { LeasedDelivery } from './delivery-frame.js';
import type { Receipt } from './frame-receipt.js';

/** A delivery in a dispatcher's hands; its receipt is given when its fate is recorded. */
export interface Task {
  readonly delivery: LeasedDelivery;
  readonly receipt: Receipt;
}

/** How far a healthy subscription's cap may grow over its start; 64 at the default of 8 saturates one receiver. */
const MAX_GROWTH = 8;
/** An answer within this shows that the receiver could bear more. */
const QUICK_MS = 250;
/** A lane is remembered this long without work: what it learned of its receiver is worth keeping. */
const IDLE_MS = 60_000;
/** What would wait longer than this for its subscription goes back to PostgreSQL, but for one window of it. */
const MAX_WAIT_MS = 2000;

/**
 * The deliveries of one subscription in this process, and how many of them may be in flight. As in TCP: the cap grows
 * with every quick answer until a timeout halves it, and by one for each full window of quick answers from then on.
 */
export class Lane {
  readonly waiting: Task[] = [];
  private readonly startTimes = new Set<{ at: number }>();
  private cap: number;
  private quickInARow = 0;
  private latencyMs = 20;
  private hasParked = false;
  private hasBeenSlow = false;
  private lastUsedAt = 0;

  constructor(
    readonly subscriptionId: string,
    private readonly startCap: number,
    private readonly hardCap: number | null,
  ) {
    this.cap = Math.min(startCap, hardCap ?? startCap);
  }

  get inFlight(): number {
    return this.startTimes.size;
  }

  canStart(): boolean {
    return this.waiting.length > 0 && this.inFlight < this.cap;
  }

  isForgotten(): boolean {
    const isEmpty = this.waiting.length === 0 && this.inFlight === 0;
    return isEmpty && performance.now() - this.lastUsedAt > IDLE_MS;
  }

  /** Marks a task as in flight; the returned function ends it. */
  begin(): (isSlow: boolean) => void {
    const start = { at: performance.now() };
    this.startTimes.add(start);
    return (isSlow) => {
      this.startTimes.delete(start);
      this.learn(performance.now() - start.at, isSlow);
    };
  }

  /** Whether what waits here now would wait too long: the receiver is slower than its work comes in. */
  isCongested(): boolean {
    const isFull = this.inFlight >= this.cap && this.waiting.length >= this.cap;
    return isFull && this.expectedWaitMs(this.waiting.length + 1) > MAX_WAIT_MS;
  }

  /** Takes out what would wait too long. */
  takeExcess(): Task[] {
    if (this.inFlight < this.cap) return [];
    let keep = this.waiting.length;
    while (keep > this.cap && this.expectedWaitMs(keep) > MAX_WAIT_MS) keep -= 1;
    const excess = this.waiting.splice(keep);
    if (excess.length > 0) this.hasParked = true;
    return excess;
  }

  /** Whether there is room now for what was parked before; says so once. */
  takeRelief(): boolean {
    if (!this.hasParked || this.waiting.length > this.cap / 2 || this.isCongested()) return false;
    this.hasParked = false;
    return true;
  }

  private expectedWaitMs(position: number): number {
    return (position / this.cap) * Math.max(this.latencyMs, this.oldestAgeMs());
  }

  /** The first in a set is the oldest: it shows a hanging receiver before any answer or timeout does. */
  private oldestAgeMs(): number {
    for (const { at } of this.startTimes) return performance.now() - at;
    return 0;
  }

  private learn(durationMs: number, isSlow: boolean): void {
    this.lastUsedAt = performance.now();
    this.latencyMs += (durationMs - this.latencyMs) / 8;
    if (isSlow) {
      this.cap = Math.max(1, Math.floor(this.cap / 2));
      this.quickInARow = 0;
      this.hasBeenSlow = true;
      return;
    }
    if (durationMs > QUICK_MS) return;
    this.quickInARow += 1;
    if (this.hasBeenSlow && this.quickInARow < this.cap) return;
    this.quickInARow = 0;
    this.cap = Math.min(this.cap + 1, this.hardCap ?? this.startCap * MAX_GROWTH);
  }
}
