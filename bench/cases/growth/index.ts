import type { BenchCase } from '../../case.js';

/** What must not get slower as the data grows. */
export const GROWTH_CASES: readonly BenchCase[] = [];
