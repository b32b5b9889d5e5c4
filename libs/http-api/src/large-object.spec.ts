import { expect, test } from 'vitest';
import { readLargeObject } from './large-object.js';

const LARGE = 'x'.repeat(16 * 1024);
const read = (text: string): object | undefined => readLargeObject(Buffer.from(text), 32);
const isReadLater = (value: object | undefined, name: string): boolean =>
  Object.getOwnPropertyDescriptor(value, name)?.get !== undefined;

test('a large member is read when it is asked for, and once', () => {
  const value = read(`{"type":"a.b","data":{"text":"${LARGE}"}}`) as { type: string; data: { text: string } };
  expect(value.type).toBe('a.b');
  expect(isReadLater(value, 'type')).toBe(false);
  expect(isReadLater(value, 'data')).toBe(true);
  const { data } = value;
  expect(data).toEqual({ text: LARGE });
  expect(isReadLater(value, 'data')).toBe(false);
  expect(value.data).toBe(data);
});

test.each([
  { name: 'a member of every kind', text: `{"a":1,"b":null,"c":"${LARGE}","d":[{}]}` },
  { name: 'a repeated name, the last one small', text: `{"a":"${LARGE}","a":1}` },
  { name: 'a repeated name, the last one large', text: `{"a":1,"b":2,"a":"${LARGE}"}` },
  { name: 'an escaped name', text: `{"\\u0061\\"":"${LARGE}"}` },
])('the value is what JSON.parse makes of it: $name', ({ text }) => {
  const expected = JSON.parse(text) as object;
  expect(Object.keys(read(text) ?? {})).toEqual(Object.keys(expected));
  expect(read(text)).toEqual(expected);
  expect(JSON.stringify(read(text))).toBe(JSON.stringify(expected));
});

test('a large __proto__ is an ordinary member and changes no prototype', () => {
  const value = read(`{"__proto__":{"admin":"${LARGE}"}}`) as { admin?: string };
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  expect(value.admin).toBeUndefined();
  expect(Object.keys(value)).toEqual(['__proto__']);
});

test('a large member can be written like any other', () => {
  const value = read(`{"data":"${LARGE}"}`) as { data: string };
  value.data = 'other';
  expect(value).toEqual({ data: 'other' });
});

test('what is no object is left to others', () => {
  expect(read(`["${LARGE}"]`)).toBeUndefined();
  expect(read(`{"data":"${LARGE}"`)).toBeUndefined();
});
