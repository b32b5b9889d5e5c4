import { expect, test } from 'vitest';
import { OptionsError } from '../test/support/arguments.js';
import { readOptions } from './options.js';

const NAMES = ['rounds', 'isolation', 'matching'];
const read = (...args: string[]): ReturnType<typeof readOptions> => readOptions(args, NAMES);

test('without options everything runs, in both modes, five rounds', () => {
  expect(read()).toMatchObject({
    isQuick: false,
    modes: ['embedded', 'full'],
    only: [],
    rounds: 5,
    scale: 1,
  });
});

test('a quick run is short, in one process, and may be told otherwise', () => {
  expect(read('--quick')).toMatchObject({ isQuick: true, modes: ['embedded'], rounds: 2 });
  expect(read('--quick', '--mode', 'full', '--rounds', '1', '--scale', '0.1')).toMatchObject({
    modes: ['full'],
    rounds: 1,
    scale: 0.1,
  });
});

test('cases are named one by one or in a list', () => {
  expect(read('--only', 'rounds,matching')?.only).toEqual(['rounds', 'matching']);
  expect(read('--only', 'rounds', '--only', 'matching')?.only).toEqual(['rounds', 'matching']);
});

test('help is asked for by its name', () => {
  expect(read('--help')).toBeNull();
});

test.each([
  ['--mode', 'postgres'],
  ['--only', 'nothing'],
  ['--rounds', '0'],
  ['--rounds', '1.5'],
  ['--scale', 'much'],
  ['--fast', ''],
])('%s %s is refused with a reason', (...args) => {
  expect(() => read(...args)).toThrow(OptionsError);
});
