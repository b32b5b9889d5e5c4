import type { BenchCase } from '../case.js';
import { GROWTH_CASES } from './growth/index.js';
import { ISOLATION } from './isolation.js';

/** Every case, in the order in which they run after the rounds. */
export const CASES: readonly BenchCase[] = [ISOLATION, ...GROWTH_CASES];
