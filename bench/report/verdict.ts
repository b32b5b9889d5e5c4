import type { BenchResult } from './result.js';
import { isFarBelow } from './rows.js';

type Judged = Pick<BenchResult, 'counts' | 'rows' | 'cases'>;

/** Why a run is a failure, in words; none if it is not. */
export function faultsOf({ counts, rows }: Judged, isQuick: boolean): string[] {
  const faults: string[] = [];
  if (counts.lost > 0) faults.push(`${counts.lost} deliveries were lost`);
  if (counts.withoutAttempt > 0) faults.push(`${counts.withoutAttempt} deliveries have no attempt`);
  if (!isQuick) return faults;
  return [
    ...faults,
    ...rows.filter(isFarBelow).map(({ title, mode }) => `far below its bar: ${title}, ${mode}`),
  ];
}

/** 1 for a failure, 2 if a case could not run, as the help says. */
export function exitCodeOf(result: Judged, isQuick: boolean): 0 | 1 | 2 {
  if (faultsOf(result, isQuick).length > 0) return 1;
  return result.cases.some((run) => 'fault' in run) ? 2 : 0;
}
