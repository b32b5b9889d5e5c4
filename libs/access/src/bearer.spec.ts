import { expect, test } from 'vitest';
import { bearerOf } from './bearer.js';

test('the key follows the scheme, whose letter case does not matter, after one space', () => {
  expect(bearerOf('Bearer bhk_abc')).toBe('bhk_abc');
  expect(bearerOf('bearer bhk_abc')).toBe('bhk_abc');
  expect(bearerOf('Bearer two words')).toBe('two words');
});

test('a key beyond ASCII is read as UTF-8', () => {
  expect(bearerOf(`Bearer ${Buffer.from('schlüssel').toString('latin1')}`)).toBe('schlüssel');
});

test.each([
  undefined,
  '',
  'Bearer',
  'Bearer ',
  'Bearer  two-spaces',
  'Basic abc',
  'bhk_abc',
  ['Bearer a', 'Bearer b'],
  `Bearer ${'x'.repeat(600)}`,
])('%j holds no key', (header) => {
  expect(bearerOf(header)).toBeNull();
});
