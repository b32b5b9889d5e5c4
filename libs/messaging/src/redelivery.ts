/** How a message that was not finished comes back. */
export interface RedeliveryPolicy {
  /**
   * Deliveries of one message before it is given up. High on purpose: with the pauses it covers some four minutes of a
   * database outage, and a crash of a consumer counts a delivery for every message it held, guilty or not.
   */
  readonly limit: number;
  readonly firstPauseMs: number;
  /** Short enough that work goes on soon after an outage, long enough that an outage is not hammered. */
  readonly maxPauseMs: number;
}

export const REDELIVERY: RedeliveryPolicy = { limit: 50, firstPauseMs: 250, maxPauseMs: 5000 };

/** The pause after the nth delivery failed: doubling, capped, and spread so that a full window does not return at once. */
export function pauseAfter(deliveries: number, policy: RedeliveryPolicy): number {
  const full = Math.min(policy.maxPauseMs, policy.firstPauseMs * 2 ** Math.min(deliveries - 1, 30));
  return full * (0.75 + Math.random() * 0.25);
}
