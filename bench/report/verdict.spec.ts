import { expect, test } from 'vitest';
import type { Counts } from '../case.js';
import type { CaseRun } from './result.js';
import { rowsOf } from './rows.js';
import { exitCodeOf, faultsOf } from './verdict.js';

const GOOD: Counts = { expected: 5, delivered: 5, duplicates: 1, lost: 0, withoutAttempt: 0 };

function judged(counts: Partial<Counts>, p99: number): Parameters<typeof faultsOf>[0] {
  const cases: CaseRun[] = [{ name: 'x', mode: 'full', seconds: 1, figures: { isolationP99: [p99] } }];
  return { counts: { ...GOOD, ...counts }, rows: rowsOf([], cases, () => true), cases };
}

test('what is lost, or is without its attempt, fails every run', () => {
  expect(exitCodeOf(judged({ lost: 1 }, 1), false)).toBe(1);
  expect(exitCodeOf(judged({ withoutAttempt: 1 }, 1), true)).toBe(1);
});

test('a figure below its bar fails only a quick run, and only at half of it', () => {
  expect(exitCodeOf(judged({}, 1000), false)).toBe(0);
  expect(exitCodeOf(judged({}, 29), true)).toBe(0);
  expect(exitCodeOf(judged({}, 31), true)).toBe(1);
  expect(faultsOf(judged({}, 31), true)).toEqual([
    'far below its bar: 10 of 100 endpoints hang: healthy p99, full',
  ]);
});

test('a case that could not run is told apart from one that failed', () => {
  const fault: CaseRun = { name: 'y', mode: 'full', seconds: 1, fault: 'no room' };
  expect(exitCodeOf({ ...judged({}, 1), cases: [fault] }, false)).toBe(2);
});
