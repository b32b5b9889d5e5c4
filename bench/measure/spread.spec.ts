import { expect, test } from 'vitest';
import { median, outliers, spreadOf } from './spread.js';

test('the median is the value in the middle, or between the two there', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
});

test('of nothing there is no spread', () => {
  expect(spreadOf([])).toBeNull();
  expect(spreadOf([2, 1, 5])).toEqual({ median: 2, min: 1, max: 5 });
});

test('what is too far from the median is named by its position', () => {
  expect(outliers([100, 95, 139, 141, 59], 0.4)).toEqual([3, 4]);
});
