/** A circuit opens after this many failed attempts in a row: a retry or two of an outage, not one slow minute. */
export const FAILURES_TO_OPEN = 10;
/** Receivers whose failures are counted at once; beyond it those that failed first are forgotten. */
const MAX_STREAKS = 10_000;

interface Streak {
  readonly url: string;
  readonly failures: number;
}

/** Counts failed attempts in a row, for each subscription that has any. */
export class FailureStreaks {
  private readonly streaks = new Map<string, Streak>();

  /** Counts a failure; true when there are enough in a row. A new URL begins anew. */
  failed(subscriptionId: string, url: string): boolean {
    const known = this.streaks.get(subscriptionId);
    const failures = known?.url === url ? known.failures + 1 : 1;
    this.streaks.set(subscriptionId, { url, failures });
    if (this.streaks.size > MAX_STREAKS) this.forgetOldest();
    return failures >= FAILURES_TO_OPEN;
  }

  /** Ends a streak; costs nothing while nobody fails. */
  ended(subscriptionId: string): void {
    if (this.streaks.size > 0) this.streaks.delete(subscriptionId);
  }

  private forgetOldest(): void {
    for (const oldest of this.streaks.keys()) {
      this.streaks.delete(oldest);
      return;
    }
  }
}
