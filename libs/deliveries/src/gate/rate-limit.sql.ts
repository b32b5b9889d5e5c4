/**
 * A token bucket for each limited subscription, in SQL, because all processes share it. The bucket holds a tenth of a
 * second's attempts and one: enough that a feeder that wakes some milliseconds late loses nothing, too little for a
 * burst to matter.
 */
const bucketOf = (rate: string): string => `(1 + ${rate} * 0.1)`;

/** The tokens in a gate's bucket now. */
export const tokensNow = (gate: string, rate: string): string =>
  `least(${bucketOf(rate)}, ${gate}.tokens + ${rate} * extract(epoch FROM now() - ${gate}.refilled_at)::float8)`;

/** When half a bucket, and at least one token, is there: claims for less would cost more than they bring. */
export const tokensReadyAt = (gate: string, rate: string): string =>
  `${gate}.refilled_at + greatest(0, greatest(1, ${bucketOf(rate)} / 2) - ${gate}.tokens) / ${rate} * interval '1 second'`;
