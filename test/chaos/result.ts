import type { AnyCase, Mode } from './case.js';
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
  /** Of the whole run, the modes side by side or one after the other. */
  readonly seconds: number;
  readonly isSideBySide: boolean;
  readonly results: readonly CaseResult[];
}

export function isGood({ verdict }: CaseResult): boolean {
  return verdict === 'passed' || verdict === 'not applicable';
}

/** Of a result behind which no case ran. */
export const NOT_RUN = { seconds: 0, tally: null, peaks: null, fired: [] } as const;

export const hasFailed = (results: readonly CaseResult[]): boolean => !results.every(isGood);

export function about(
  one: AnyCase,
  mode: Mode,
): Pick<CaseResult, 'id' | 'name' | 'mode' | 'inject' | 'expect'> {
  const { id, name, inject, expect } = one;
  return { id, name, mode, inject, expect };
}

export function notRun(one: AnyCase, mode: Mode, remark: string): CaseResult {
  return { ...about(one, mode), ...NOT_RUN, verdict: 'not applicable', remark };
}

/** A row of the catalogue that nothing answers. */
export function missing(id: string, mode: Mode): CaseResult {
  const remark = 'no case answers this row of the catalogue';
  return { id, name: '', mode, inject: '', expect: '', ...NOT_RUN, verdict: 'missing', remark };
}

/** Something is wrong that no case stands for. */
export function broken(id: string, mode: Mode, remark: string): CaseResult {
  return { ...missing(id, mode), verdict: 'failed', remark };
}
