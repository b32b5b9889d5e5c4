const FIRST_PAUSE_MS = 200;

/** Failures in a row: when they begin and end, so that a log has a line for each, and how long to rest between tries. */
export class Outage {
  private failures = 0;

  get isOn(): boolean {
    return this.failures > 0;
  }

  /** Twice as long after each failure, up to the longest. */
  pauseMs(longestMs: number): number {
    return Math.min(longestMs, (FIRST_PAUSE_MS / 2) * 2 ** this.failures);
  }

  /** Whether it begins with this failure. */
  failed(): boolean {
    this.failures += 1;
    return this.failures === 1;
  }

  /** Whether one ends with this success. */
  succeeded(): boolean {
    const wasOn = this.isOn;
    this.failures = 0;
    return wasOn;
  }
}
