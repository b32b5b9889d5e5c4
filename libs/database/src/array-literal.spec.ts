import { expect, test } from 'vitest';
import { bytesArray, plainArray, textArray } from './array-literal.js';

test('ids, numbers and booleans stand without quotes', () => {
  expect(plainArray(['01a2', 1.5, true, null])).toBe('{01a2,1.5,true,NULL}');
  expect(plainArray([])).toBe('{}');
});

test('texts are quoted where PostgreSQL would read them otherwise', () => {
  expect(textArray(['plain', 'a b', 'a"b', 'a\\b', '', 'null', '{x}', 'a,b', null])).toBe(
    '{plain,"a b","a\\"b","a\\\\b","","null","{x}","a,b",NULL}',
  );
});

test('bytes travel as hex', () => {
  expect(bytesArray([Buffer.from([0, 255]), Buffer.alloc(0), null])).toBe('{"\\\\x00ff","\\\\x",NULL}');
});
