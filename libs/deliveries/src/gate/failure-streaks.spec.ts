import { expect, test } from 'vitest';
import { FAILURES_TO_OPEN, FailureStreaks } from './failure-streaks.js';

const URL = 'https://a.example/hook';
const fail = (streaks: FailureStreaks, times: number, url = URL): boolean[] =>
  Array.from({ length: times }, () => streaks.failed('s', url));

test('the tenth failure in a row is enough, and so is each after it', () => {
  const answers = fail(new FailureStreaks(), FAILURES_TO_OPEN + 2);
  expect(answers.indexOf(true)).toBe(9);
  expect(answers.slice(9)).toEqual([true, true, true]);
});

test('a success between them begins a new streak', () => {
  const streaks = new FailureStreaks();
  fail(streaks, FAILURES_TO_OPEN - 1);
  streaks.ended('s');
  expect(fail(streaks, FAILURES_TO_OPEN - 1)).not.toContain(true);
});

test('failures of the URL before do not count against a new one', () => {
  const streaks = new FailureStreaks();
  fail(streaks, FAILURES_TO_OPEN - 1);
  expect(streaks.failed('s', 'https://b.example/hook')).toBe(false);
});

test('subscriptions are counted apart', () => {
  const streaks = new FailureStreaks();
  fail(streaks, FAILURES_TO_OPEN - 1);
  expect(streaks.failed('other', URL)).toBe(false);
});
