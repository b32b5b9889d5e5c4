/** What an attempt says about its receiver: `refused` speaks against the load, `hung` also cost much time. */
export type Reaction = 'answered' | 'refused' | 'hung' | 'nothing';

/** A receiver that nothing is known of gets so many at once: one could be bad luck, more would hang together. */
const FIRST_CAP = 2;
/** How far a healthy subscription's cap may grow over the usual one; 64 at the default of 8 saturates a receiver. */
const MAX_GROWTH = 8;
/** An answer within this shows that the receiver could bear more than usual. */
const QUICK_MS = 250;
/** A receiver that takes longer than this holds slots that a hundred quick ones could use. */
export const SLOW_MS = 2000;
/** After a timeout a receiver is called slow for so long, unless a full window of quick answers comes before. */
const SLOW_FOR_MS = 30_000;
/** A cap is to be used: after so long it shrinks to twice what was, because all of it may hang one day. */
const UNUSED_FOR_MS = 5_000;
/** What is assumed of a receiver that nothing is known of. */
const FIRST_LATENCY_MS = 20;

/**
 * How many requests one receiver is to have at once, learned from its answers. As in TCP: the cap grows by one with
 * every answer while all of it is used, up to the usual one, and beyond it with quick answers; a timeout halves it, and
 * from then on it grows by one for each full window.
 */
export class Pace {
  /** It has answered since this was made or restarted. */
  isProven = false;
  private cap: number;
  private hardCap = Infinity;
  private answersInARow = 0;
  private averageMs = FIRST_LATENCY_MS;
  private hasHung = false;
  private slowUntil = 0;
  private peak = 0;
  private relaxAt = 0;

  constructor(private readonly usualCap: number) {
    this.cap = Math.min(FIRST_CAP, usualCap);
  }

  /** Requests that may be in flight now. */
  get limit(): number {
    return Math.min(this.cap, this.hardCap);
  }

  /** Requests that it can be expected to take soon. */
  get prospect(): number {
    return this.hasHung ? this.limit : Math.min(Math.max(this.cap, this.usualCap), this.hardCap);
  }

  /** How long an answer takes, the last few counting most. */
  get latencyMs(): number {
    return this.averageMs;
  }

  /** Obeys the subscription's own limit from now on; null for none. */
  follow(maxInFlight: number | null): void {
    this.hardCap = maxInFlight ?? Infinity;
  }

  /** Begins anew with one request, as after an outage: whoever comes up again is not to be run over. */
  restart(): void {
    this.cap = 1;
    this.answersInARow = 0;
    this.averageMs = FIRST_LATENCY_MS;
    this.hasHung = false;
    this.isProven = false;
    this.slowUntil = 0;
  }

  isSlow(now: number): boolean {
    return now < this.slowUntil || this.averageMs > SLOW_MS;
  }

  /** So many requests are in flight. */
  used(inFlight: number): void {
    if (inFlight > this.peak) this.peak = inFlight;
  }

  /** Gives up what has not been used for a while; to be called from time to time. */
  relax(now: number): void {
    if (now < this.relaxAt) return;
    if (this.relaxAt > 0) this.cap = Math.min(this.cap, Math.max(FIRST_CAP, 2 * this.peak));
    this.peak = 0;
    this.relaxAt = now + UNUSED_FOR_MS;
  }

  /** An attempt has ended; `wasFull` when all of the cap was in use. */
  learn(durationMs: number, reaction: Reaction, wasFull: boolean): void {
    if (reaction === 'nothing') return;
    this.averageMs += (durationMs - this.averageMs) / 8;
    if (reaction !== 'answered') return this.shrink(reaction);
    this.isProven = true;
    if (durationMs > (this.cap < this.usualCap ? SLOW_MS : QUICK_MS)) return;
    this.answersInARow += 1;
    if (this.hasHung && this.answersInARow < this.cap) return;
    this.answersInARow = 0;
    this.slowUntil = 0;
    if (wasFull) this.cap = Math.min(this.cap + 1, this.most);
  }

  private get most(): number {
    return this.hardCap === Infinity ? this.usualCap * MAX_GROWTH : this.hardCap;
  }

  private shrink(reaction: Reaction): void {
    this.cap = Math.max(1, Math.floor(this.limit / 2));
    this.answersInARow = 0;
    this.hasHung = true;
    if (reaction === 'hung') this.slowUntil = performance.now() + SLOW_FOR_MS;
  }
}
