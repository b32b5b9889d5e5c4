import type { BenchCase } from '../../case.js';
import { coldBacklog } from './cold-backlog.js';
import { fiftyThousandDue } from './fifty-thousand-due.js';
import { largePayloads } from './large-payloads.js';
import { logAtScale } from './log-at-scale.js';
import { tenThousandSubscriptions } from './ten-thousand-subscriptions.js';

/** What must not get slower as the data grows. */
export const GROWTH_CASES: readonly BenchCase[] = [
  fiftyThousandDue,
  coldBacklog,
  tenThousandSubscriptions,
  largePayloads,
  logAtScale,
];
