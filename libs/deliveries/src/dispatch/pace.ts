/** What an attempt says about its receiver: `refused` speaks against the load, `hung` also cost much time. */
export type Reaction = 'answered' | 'refused' | 'hung' | 'nothing';

/** How far a healthy subscription's cap may grow over its start; 64 at the default of 8 saturates one receiver. */
const MAX_GROWTH = 8;
/** In flight to a receiver that has not answered yet: more would only hang together; one could be bad luck. */
const TRIAL_CAP = 2;
/** An answer within this shows that the receiver could bear more. */
const QUICK_MS = 250;
/** A receiver that takes longer than this holds slots that a hundred quick ones could use. */
export const SLOW_MS = 2000;
/** After a timeout a receiver is called slow for so long, unless a full window of quick answers comes before. */
const SLOW_FOR_MS = 30_000;
/** What is assumed of a receiver that nothing is known of. */
const FIRST_LATENCY_MS = 20;

/**
 * How many requests one receiver is to have at once, learned from its answers. As in TCP: the cap grows with every
 * quick answer until a timeout halves it, and by one for each full window of quick answers from then on.
 */
export class Pace {
  /** It has answered since this was made or restarted. */
  isProven = false;
  private cap: number;
  private hardCap = Infinity;
  private quickInARow = 0;
  private averageMs = FIRST_LATENCY_MS;
  private hasHung = false;
  private slowUntil = 0;

  constructor(private readonly startCap: number) {
    this.cap = startCap;
  }

  /** Requests that may be in flight now. */
  get limit(): number {
    return this.isProven ? this.window : Math.min(this.window, TRIAL_CAP);
  }

  /** Requests that may be in flight as soon as it answers. */
  get window(): number {
    return Math.min(this.cap, this.hardCap);
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
    this.quickInARow = 0;
    this.averageMs = FIRST_LATENCY_MS;
    this.hasHung = false;
    this.isProven = false;
    this.slowUntil = 0;
  }

  isSlow(now: number): boolean {
    return now < this.slowUntil || this.averageMs > SLOW_MS;
  }

  learn(durationMs: number, reaction: Reaction): void {
    if (reaction === 'nothing') return;
    this.averageMs += (durationMs - this.averageMs) / 8;
    if (reaction !== 'answered') return this.shrink(reaction);
    this.isProven = true;
    if (durationMs > QUICK_MS) return;
    this.quickInARow += 1;
    if (this.hasHung && this.quickInARow < this.cap) return;
    this.quickInARow = 0;
    this.slowUntil = 0;
    const most = this.hardCap === Infinity ? this.startCap * MAX_GROWTH : this.hardCap;
    this.cap = Math.min(this.cap + 1, most);
  }

  private shrink(reaction: Reaction): void {
    this.cap = Math.max(1, Math.floor(this.window / 2));
    this.quickInARow = 0;
    this.hasHung = true;
    if (reaction === 'hung') this.slowUntil = performance.now() + SLOW_FOR_MS;
  }
}
