import { expect, test } from 'vitest';
import { BLANK_MARK, markOffsets, readMark, writeMark } from './mark.js';

test('a mark that was written into a body is read from it again, and the body stays as long as it was', () => {
  const body = Buffer.from(JSON.stringify({ data: [{ mark: BLANK_MARK }, { mark: BLANK_MARK }] }));
  const before = body.length;
  const [first = 0, second = 0] = markOffsets(body);
  writeMark(body, first, { run: 7, sequence: 1_234_567, dueMicros: 98_765_432_101 });
  writeMark(body, second, { run: 7, sequence: 1_234_568, dueMicros: 1 });
  expect(body).toHaveLength(before);
  expect(readMark(body, 0, body.length)).toEqual({ run: 7, sequence: 1_234_567, dueMicros: 98_765_432_101 });
  expect(readMark(body, second, body.length)?.sequence).toBe(1_234_568);
});

test('a body without a mark, or with one that begins elsewhere, has none', () => {
  const body = Buffer.from(`{"type":"x"}${BLANK_MARK}`);
  expect(readMark(Buffer.from('{}'), 0, 2)).toBeNull();
  expect(readMark(body, 0, 12)).toBeNull();
});
