import type { BenchCase } from '../case.js';
import { GROWTH_CASES } from './growth/index.js';

/** Every case, in the order in which they run after the rounds. */
export const CASES: readonly BenchCase[] = [...GROWTH_CASES];
