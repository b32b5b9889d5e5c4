/**
 * The median; of an even number of values, that one of the middle two which is nearer to zero. So it lies among any
 * values that are more than half of all, and it is far from zero only if more than half are.
 */
export function majorityMedian(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const lower = sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
  return Math.abs(lower) < Math.abs(upper) ? lower : upper;
}
