import type { NewEvent } from '../received-event.js';
import type { Claim, ClaimWish, EventStore, Kept, Setback } from './event-store.js';

export interface MemoryLimits {
  /** Events that wait or are worked on; more are refused until there is room. */
  readonly maxUnfinished?: number;
  readonly maxUnfinishedBytes?: number;
  /** Finished ids that are remembered, the latest ones. */
  readonly maxRemembered?: number;
}

interface Entry {
  readonly event: NewEvent & { readonly receivedAt: Date };
  attempt: number;
  isClaimed: boolean;
  availableAt: number;
}

/** One key: its events in order; the first one is worked on or next. */
type Lane = Entry[];

/**
 * Keeps everything in this process, within limits. What waits is lost in a crash although it was acknowledged: for
 * tests, for demos, and for events whose loss is no loss. There is one process, so a lease never runs out.
 */
export class MemoryEventStore implements EventStore {
  readonly isDurable = false;
  private readonly unfinished = new Map<string, Entry>();
  private readonly lanes = new Map<string, Lane>();
  /** Keys whose first event may be claimed now, in the order in which they became so. */
  private readonly ready = new Set<string>();
  private readonly delayed = new Set<string>();
  private readonly finished = new Set<string>();
  private bytes = 0;

  constructor(private readonly limits: MemoryLimits = {}) {}

  async keep(event: NewEvent): Promise<Kept> {
    if (this.finished.has(event.id)) return 'finished';
    if (this.unfinished.has(event.id)) return 'unfinished';
    if (!this.hasRoomFor(event)) return 'full';
    const entry = {
      event: { ...event, receivedAt: new Date() },
      attempt: 0,
      isClaimed: false,
      availableAt: 0,
    };
    this.unfinished.set(event.id, entry);
    this.bytes += event.payload.length;
    const lane = this.lanes.get(event.key) ?? [];
    lane.push(entry);
    this.lanes.set(event.key, lane);
    if (lane.length === 1) this.ready.add(event.key);
    return 'new';
  }

  async claim({ id }: ClaimWish): Promise<Claim | null> {
    this.wakeDelayed();
    const entry = id === undefined ? this.first() : this.named(id);
    if (entry === null) return null;
    this.ready.delete(entry.event.key);
    entry.isClaimed = true;
    entry.attempt += 1;
    return { event: entry.event, attempt: entry.attempt, claimedAt: new Date() };
  }

  async extend(claim: Claim): Promise<boolean> {
    return this.held(claim) !== null;
  }

  async finish(claim: Claim): Promise<void> {
    const entry = this.held(claim);
    if (entry) this.remove(entry);
  }

  async setBack(claim: Claim, { retryAfterMs }: Setback): Promise<void> {
    const entry = this.held(claim);
    if (!entry) return;
    if (retryAfterMs === null) return this.remove(entry);
    entry.isClaimed = false;
    entry.availableAt = Date.now() + retryAfterMs;
    this.delayed.add(entry.event.key);
  }

  async drop(id: string): Promise<void> {
    const entry = this.unfinished.get(id);
    if (!entry || entry.isClaimed) return;
    this.remove(entry);
    this.finished.delete(id);
  }

  async countUnfinished(): Promise<number> {
    return this.unfinished.size;
  }

  private hasRoomFor({ payload }: NewEvent): boolean {
    const { maxUnfinished = 10_000, maxUnfinishedBytes = 64 * 1024 * 1024 } = this.limits;
    const isFull = this.bytes + payload.length > maxUnfinishedBytes && this.unfinished.size > 0;
    return this.unfinished.size < maxUnfinished && !isFull;
  }

  private wakeDelayed(): void {
    for (const key of this.delayed) {
      const availableAt = this.lanes.get(key)?.[0]?.availableAt ?? 0;
      if (availableAt > Date.now()) continue;
      this.delayed.delete(key);
      this.ready.add(key);
    }
  }

  private first(): Entry | null {
    const [key] = this.ready;
    return key === undefined ? null : (this.lanes.get(key)?.[0] ?? null);
  }

  private named(id: string): Entry | null {
    const entry = this.unfinished.get(id);
    if (!entry || !this.ready.has(entry.event.key)) return null;
    return this.lanes.get(entry.event.key)?.[0] === entry ? entry : null;
  }

  private held({ event, attempt }: Claim): Entry | null {
    const entry = this.unfinished.get(event.id);
    return entry?.isClaimed && entry.attempt === attempt ? entry : null;
  }

  private remove(entry: Entry): void {
    const { id, key, payload } = entry.event;
    this.unfinished.delete(id);
    this.bytes -= payload.length;
    this.takeOut(entry, this.lanes.get(key) ?? []);
    this.remember(id);
  }

  private takeOut(entry: Entry, lane: Lane): void {
    const { key } = entry.event;
    lane.splice(lane.indexOf(entry), 1);
    const isFree = lane[0]?.isClaimed === false;
    if (lane.length === 0) this.lanes.delete(key);
    if (!isFree) this.ready.delete(key);
    else if (lane[0]?.availableAt === 0) this.ready.add(key);
  }

  private remember(id: string): void {
    this.finished.add(id);
    const { maxRemembered = 100_000 } = this.limits;
    for (const oldest of this.finished) {
      if (this.finished.size <= maxRemembered) return;
      this.finished.delete(oldest);
    }
  }
}
