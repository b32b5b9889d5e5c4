import { setTimeout as pause } from 'node:timers/promises';
import type { ReceivedEvent } from './received-event.js';
import type { Claim, EventStore } from './stores/event-store.js';

export interface WorkContext {
  /** Aborted when the receiver stops for good, or the event has fallen to another worker. */
  readonly signal: AbortSignal;
  /** 1 for the first try. */
  readonly attempt: number;
  readonly claimedAt: Date;
}

/** What the subscriber does with an event. It may be called again for the same event, so it should bear that. */
export type Work = (event: ReceivedEvent, context: WorkContext) => unknown;

export interface WorkerOptions {
  readonly store: EventStore;
  readonly work: Work;
  /** Events that are worked on at the same time. */
  readonly concurrency?: number;
  /** The waits before a failed event is tried again; after the last one it is given up. */
  readonly retryDelaysMs?: readonly number[];
  readonly leaseMs?: number;
  /** How often to look for what other processes left behind, and for retries that are due. */
  readonly pollMs?: number;
  /** A try that failed; `retryAfterMs` is null if it was the last. Also faults of the store, without an event. */
  readonly onFault?: (fault: Fault) => void;
}

export interface Fault {
  readonly error: unknown;
  readonly event: ReceivedEvent | null;
  readonly retryAfterMs: number | null;
}

type Outcome = { readonly isDone: true } | { readonly isDone: false; readonly error: unknown };

/** The wait after so many tries; null: no other one. */
type DelayAfter = (attempt: number) => number | null;

/** A timer may fire a millisecond before the store's clock says that the wait is over. */
const TIMER_SLACK_MS = 5;
/** How often a stop looks whether its time is over. */
const DRAIN_POLL_MS = 10;
/** What was aborted gets this long to say so, before nobody listens any more. */
const LAST_WORDS_MS = 1000;

/** Works on what is kept, a few events at a time, and each key in one pair of hands. */
export class Worker {
  private readonly slots = new Set<Promise<void>>();
  private readonly aborting = new AbortController();
  private poll: NodeJS.Timeout | undefined;
  private readonly timers = new Set<NodeJS.Timeout>();
  private wakes = 0;
  private mode: 'running' | 'draining' | 'stopped' = 'running';

  constructor(private readonly options: WorkerOptions) {}

  /** From now on works on whatever the store has, also on what an earlier process left unfinished. */
  start(): void {
    this.poll = setInterval(() => this.wake(), this.pollMs).unref();
    this.wake();
  }

  /** Says that there may be something to claim. */
  wake(): void {
    this.wakes += 1;
    this.openSlot();
  }

  /**
   * Works on one event at once. What was not done is forgotten: its sender will bring it again. Null if it could not be
   * tried, because it or its key is in other hands.
   */
  async workOn(id: string): Promise<Outcome | null> {
    const { store } = this.options;
    const claim = await store.claim({ leaseMs: this.leaseMs, id });
    const outcome = claim ? await this.carryOut(claim, () => 0) : null;
    if (!outcome?.isDone) await store.drop(id);
    return outcome;
  }

  /**
   * Ends what is being worked on, and what waits if it would be lost. After `timeoutMs` the rest is aborted. Resolves
   * with the number of events that are not finished.
   */
  async stop(timeoutMs: number): Promise<number> {
    clearInterval(this.poll);
    this.mode = this.options.store.isDurable ? 'stopped' : 'draining';
    const deadline = setTimeout(() => this.giveUp(), timeoutMs);
    while (!this.aborting.signal.aborted && (await this.hasMoreToEnd())) {
      await Promise.race([...this.slots, pause(DRAIN_POLL_MS)]);
    }
    clearTimeout(deadline);
    this.giveUp();
    await Promise.race([Promise.all(this.slots), pause(LAST_WORDS_MS, undefined, { ref: false })]);
    return this.options.store.countUnfinished();
  }

  private async hasMoreToEnd(): Promise<boolean> {
    const isLostOtherwise = this.mode === 'draining';
    return this.slots.size > 0 || (isLostOtherwise && (await this.options.store.countUnfinished()) > 0);
  }

  private giveUp(): void {
    this.mode = 'stopped';
    this.aborting.abort();
    for (const timer of this.timers) clearTimeout(timer);
  }

  private get leaseMs(): number {
    return this.options.leaseMs ?? 60_000;
  }

  private get pollMs(): number {
    return this.options.pollMs ?? 5000;
  }

  private readonly delayAfter: DelayAfter = (attempt) => {
    const delaysMs = this.options.retryDelaysMs ?? [1000, 10_000, 60_000];
    return delaysMs[attempt - 1] ?? null;
  };

  private openSlot(): void {
    if (this.mode === 'stopped' || this.slots.size >= (this.options.concurrency ?? 8)) return;
    const slot = this.runSlot().finally(() => this.slots.delete(slot));
    this.slots.add(slot);
  }

  private async runSlot(): Promise<void> {
    while (this.mode !== 'stopped') {
      const { wakes } = this;
      const claim = await this.nextClaim();
      // An event that was kept while the store said that there is none would wait for the next look.
      if (!claim && wakes === this.wakes) return;
      if (!claim) continue;
      this.openSlot();
      await this.carryOut(claim, this.delayAfter);
    }
  }

  private async nextClaim(): Promise<Claim | null> {
    try {
      return await this.options.store.claim({ leaseMs: this.leaseMs });
    } catch (error) {
      this.report({ error, event: null, retryAfterMs: this.pollMs });
      return null;
    }
  }

  private async carryOut(claim: Claim, delayAfter: DelayAfter): Promise<Outcome> {
    const outcome = await this.attempt(claim);
    try {
      if (outcome.isDone) await this.options.store.finish(claim);
      else await this.setBack(claim, outcome.error, delayAfter(claim.attempt));
    } catch (error) {
      // The lease runs out, and the event is worked on again.
      this.report({ error, event: claim.event, retryAfterMs: this.leaseMs });
    }
    return outcome;
  }

  private async setBack(claim: Claim, error: unknown, delayMs: number | null): Promise<void> {
    const retryAfterMs = this.aborting.signal.aborted ? 0 : delayMs;
    await this.options.store.setBack(claim, { reason: String(error), retryAfterMs });
    this.report({ error, event: claim.event, retryAfterMs });
    if (retryAfterMs !== null) this.wakeIn(retryAfterMs);
  }

  private wakeIn(ms: number): void {
    if (this.mode === 'stopped') return;
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      this.wake();
    }, ms + TIMER_SLACK_MS).unref();
    this.timers.add(timer);
  }

  /** Holds the claim for as long as the work takes, so that nobody takes over what is only slow. */
  private async attempt(claim: Claim): Promise<Outcome> {
    const lost = new AbortController();
    const { store, work } = this.options;
    const extend = (): void =>
      void store.extend(claim, this.leaseMs).then(
        (isOurs) => isOurs || lost.abort(),
        () => undefined,
      );
    const heartbeat = setInterval(extend, this.leaseMs / 3).unref();
    try {
      const signal = AbortSignal.any([lost.signal, this.aborting.signal]);
      await work(claim.event, { signal, attempt: claim.attempt, claimedAt: claim.claimedAt });
      return { isDone: true };
    } catch (error) {
      return { isDone: false, error };
    } finally {
      clearInterval(heartbeat);
    }
  }

  private report(fault: Fault): void {
    this.options.onFault?.(fault);
  }
}
