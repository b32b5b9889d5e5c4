import { API_PROBLEMS } from './api-problems.js';
import { PAGE_PROBLEMS } from './page-problems.js';
import type { ProblemText } from './problem-text.js';

/** Every code that a process of the platform answers with. A code once published keeps its meaning. */
export const PROBLEMS: readonly ProblemText[] = [...API_PROBLEMS, ...PAGE_PROBLEMS];
