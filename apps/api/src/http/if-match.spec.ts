import { expect, test } from 'vitest';
import { entityTag, versionOf } from './if-match.js';

test('a tag of ours gives its version back', () => {
  expect(versionOf(entityTag(7))).toBe(7);
  expect(versionOf(' "12" ')).toBe(12);
});

test('without a condition, or with one that anything meets, there is no version', () => {
  expect(versionOf(undefined)).toBeUndefined();
  expect(versionOf('*')).toBeUndefined();
});

test.each(['', '7', 'W/"7"', '"x"', '"1", "2"', '""', '"99999999999999999999"'])(
  '%s matches nothing',
  (tag) => {
    expect(versionOf(tag)).toBe(-1);
  },
);
