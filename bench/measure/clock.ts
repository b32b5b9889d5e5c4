/**
 * Microseconds of the machine's monotonic clock, the same in every process of it: a time that one process wrote can be
 * compared in another.
 */
export function nowMicros(): number {
  return Math.round((performance.now() + OFFSET_MS) * 1000);
}

/** `performance.now` is cheap but begins with the process; `hrtime` is the machine's. */
const OFFSET_MS = Number(process.hrtime.bigint()) / 1e6 - performance.now();
