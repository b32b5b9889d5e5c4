import type { Percentiles } from '../case.js';

/** Buckets of one power of two: values are told apart to 1/64, so a percentile is at most 0.8 % off. */
const STEPS = 64;
const STEP_BITS = 6;
const LARGEST = 2 ** 31 - 1;

/** Log-linear counts of microseconds, up to half an hour. */
export class Histogram {
  private readonly counts = new Uint32Array((32 - STEP_BITS) * STEPS);
  private total = 0;
  private largest = 0;

  record(micros: number): void {
    const value = micros <= 0 ? 0 : Math.min(Math.round(micros), LARGEST);
    const index = bucketOf(value);
    this.counts[index] = (this.counts[index] ?? 0) + 1;
    this.total += 1;
    if (value > this.largest) this.largest = value;
  }

  add(other: Histogram): void {
    other.counts.forEach((count, index) => {
      this.counts[index] = (this.counts[index] ?? 0) + count;
    });
    this.total += other.total;
    this.largest = Math.max(this.largest, other.largest);
  }

  /** Microseconds that the share of all values does not exceed; 0 of nothing. */
  percentile(share: number): number {
    let left = Math.ceil(this.total * share);
    if (left <= 0) return 0;
    const index = this.counts.findIndex((count) => (left -= count) <= 0);
    return Math.min(middleOf(index), this.largest);
  }

  /** In milliseconds. */
  percentiles(): Percentiles {
    const ms = (micros: number): number => Math.round(micros) / 1000;
    return {
      count: this.total,
      p50: ms(this.percentile(0.5)),
      p90: ms(this.percentile(0.9)),
      p99: ms(this.percentile(0.99)),
      p999: ms(this.percentile(0.999)),
      max: ms(this.largest),
    };
  }
}

function bucketOf(value: number): number {
  if (value < STEPS) return value;
  const shift = 31 - Math.clz32(value) - STEP_BITS;
  return (shift + 1) * STEPS + (value >>> shift) - STEPS;
}

function middleOf(index: number): number {
  if (index < STEPS) return index;
  const shift = Math.floor(index / STEPS) - 1;
  return ((index % STEPS) + STEPS + 0.5) * 2 ** shift;
}
