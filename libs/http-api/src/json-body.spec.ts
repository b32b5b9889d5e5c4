import { expect, test } from 'vitest';
import { MAX_JSON_DEPTH, parseJsonBody } from './json-body.js';

const nested = (depth: number): Buffer => Buffer.from('['.repeat(depth) + ']'.repeat(depth));

test('a body may be nested as deep as the limit and no deeper', () => {
  expect(parseJsonBody(nested(MAX_JSON_DEPTH))).toBeInstanceOf(Array);
  expect(() => parseJsonBody(nested(MAX_JSON_DEPTH + 1))).toThrow(/nested deeper than 32/);
  expect(() => parseJsonBody(Buffer.from('{"a":'.repeat(50_000)))).toThrow(/nested deeper/);
});

test('brackets inside of strings do not count, whatever is escaped there', () => {
  const text = { a: '['.repeat(100), b: '\\"[[[['.repeat(30), c: '"{{{{'.repeat(30) };
  expect(parseJsonBody(Buffer.from(JSON.stringify(text)))).toEqual(text);
});

test('__proto__ becomes an ordinary member and changes no prototype', () => {
  const body = parseJsonBody(Buffer.from('{"__proto__":{"admin":true}}')) as object;
  expect(Object.getPrototypeOf(body)).toBe(Object.prototype);
  expect((body as { admin?: boolean }).admin).toBeUndefined();
  expect(({} as { admin?: boolean }).admin).toBeUndefined();
});

test.each(['{', '{"a":1,}', "{'a':1}", '"open', 'undefined', '\\', '{"a":"\\'])('%s is malformed', (text) => {
  expect(() => parseJsonBody(Buffer.from(text))).toThrow(/not valid JSON/);
});

test('bytes that are not UTF-8 are refused, because they would be passed on', () => {
  expect(() => parseJsonBody(Buffer.from([0x22, 0xff, 0x22]))).toThrow(/UTF-8/);
});

test('an empty body is nothing, not a fault', () => {
  expect(parseJsonBody(Buffer.alloc(0))).toBeUndefined();
});
