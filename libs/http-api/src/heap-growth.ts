import { setFlagsFromString } from 'node:v8';

/** How much of the heap may be new before V8 collects all of it, in percent of what was left the last time. */
const GROWTH_PERCENT = { publishing: 100, delivering: 150 } as const;

/**
 * Sets how far the heap may grow between two collections of the whole of it. V8 reckons that by itself, from how fast
 * the old part of the heap fills, and is wrong for us at both ends.
 *
 * An API hardly fills it, so V8 gives it a tenth, while the bodies of requests use that up in a second or less: marking
 * 50 MB again and again was a third to a half of the processor time of a saturated API. Whoever delivers fills it fast,
 * and V8 lets it grow fourfold: with a million deliveries due that was 350 MB, and is 270 MB. At 50 % it would be 190 MB,
 * for a sixth more processor time of a saturated process; at 150 % its time is the same (±2 %).
 */
export function setHeapGrowth(work: keyof typeof GROWTH_PERCENT): void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT[work]}`);
}
