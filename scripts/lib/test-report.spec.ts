import { expect, test } from 'vitest';
import { closingLine, summarize } from './test-report.mjs';

const file = (name: string, ...statuses: string[]): object => ({
  name,
  status: statuses.includes('failed') ? 'failed' : 'passed',
  message: '',
  assertionResults: statuses.map((status, index) => ({ status, fullName: `${name} ${index}` })),
});

test('passed and failed tests of all files are added up', () => {
  const summary = summarize({ testResults: [file('a', 'passed', 'failed'), file('b', 'passed')] }, 1);
  expect(summary).toEqual({ passed: 2, failures: ['a 1'], skipped: [] });
  expect(closingLine(summary)).toBe('2 passed, 1 failed');
});

test('a file that cannot be loaded is a failure with its reason', () => {
  const broken = { name: 'c', status: 'failed', message: 'Cannot find x\n  at y', assertionResults: [] };
  expect(summarize({ testResults: [file('a', 'passed'), broken] }, 1).failures).toEqual(['c: Cannot find x']);
});

test('skipped tests are counted and named', () => {
  const summary = summarize({ testResults: [file('a', 'passed', 'skipped', 'pending')] }, 0);
  expect(summary.skipped).toEqual(['a 1', 'a 2']);
  expect(closingLine(summary)).toBe('1 passed, 0 failed, 2 skipped');
});

test('a run that fails without a failed test is still a failure', () => {
  expect(summarize({ testResults: [file('a', 'passed')] }, 1).failures).toHaveLength(1);
  expect(summarize(null, 1).failures).toHaveLength(1);
});

test('a run without any test is a failure', () => {
  expect(summarize({ testResults: [] }, 0).failures).toEqual(['no test ran']);
});
