/**
 * Microseconds of the machine's monotonic clock, the same in every process of it: a time that one process wrote can be
 * compared in another.
 */
export function nowMicros(): number {
  return Math.round((performance.now() + OFFSET_MS) * 1000);
}

/** `performance.now` is cheap but begins with the process; `hrtime` is the machine's. */
const OFFSET_MS = offsetMs();

/** Of several looks the one in which the least time passed: the first ones also load and compile what they call. */
function offsetMs(): number {
  const looks = Array.from({ length: 20 }, () => {
    const before = performance.now();
    const machine = Number(process.hrtime.bigint()) / 1e6;
    const after = performance.now();
    return { took: after - before, offset: machine - (before + after) / 2 };
  });
  return looks.reduce((best, look) => (look.took < best.took ? look : best)).offset;
}
