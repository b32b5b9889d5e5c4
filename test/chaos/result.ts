import type { Mode } from './case.js';
import type { Tally } from './oracle/tally.js';
import type { Peaks } from './oracle/vitals.js';

/** What came of one case in one mode. */
export interface CaseResult {
  readonly id: string;
  readonly name: string;
  readonly mode: Mode;
  readonly inject: string;
  readonly expect: string;
  readonly verdict: 'passed' | 'failed' | 'not applicable' | 'missing';
  readonly seconds: number;
  readonly tally: Tally | null;
  /** Of its processes; null if it started none. */
  readonly peaks: Peaks | null;
  /** Crash points at which a process did as it was told. */
  readonly fired: readonly string[];
  /** Why it failed, why it cannot be had in this mode, or which tests prove it. */
  readonly remark: string;
}

export interface ChaosResult {
  readonly seed: number;
  readonly startedAt: string;
  readonly seconds: number;
  readonly results: readonly CaseResult[];
}

export function isGood({ verdict }: CaseResult): boolean {
  return verdict === 'passed' || verdict === 'not applicable';
}

/** Of a result behind which no case ran. */
export const NOT_RUN = { seconds: 0, tally: null, peaks: null, fired: [] } as const;
