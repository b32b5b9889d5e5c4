import { expect, test } from 'vitest';
import { OptionsError } from '../support/arguments.js';
import { isSideBySide } from './modes/whole-run.js';
import { type ChaosOptions, readOptions } from './options.js';

const read = (...args: string[]): ChaosOptions => readOptions(args) as ChaosOptions;

test('without options every case runs once, in all modes side by side, with a seed of its own', () => {
  const options = read();
  expect(options).toMatchObject({ modes: ['embedded', 'postgres', 'full'], only: [], times: 1 });
  expect(isSideBySide(options)).toBe(true);
  expect(options.seed).not.toBe(read().seed);
});

test('one mode needs no process beside this one, and several can be told to wait for each other', () => {
  expect(isSideBySide(read('--mode', 'full'))).toBe(false);
  expect(isSideBySide(read('--mode', 'full,embedded'))).toBe(true);
  expect(isSideBySide(read('--one-at-a-time'))).toBe(false);
});

test('outages last as long as they are asked to', () => {
  expect(read('--full-length')).toMatchObject({ isFullLength: true, outageMinutes: 0 });
  expect(read('--outage', '30')).toMatchObject({ isFullLength: false, outageMinutes: 30 });
});

test.each([
  ['--mode', 'partly'],
  ['--seed', 'mine'],
  ['--times', '1.5'],
  ['--outage', '-1'],
  ['--slow', ''],
])('%s %s is refused with a reason', (...args) => {
  expect(() => read(...args)).toThrow(OptionsError);
});
