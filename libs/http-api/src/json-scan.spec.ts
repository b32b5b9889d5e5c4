import fc from 'fast-check';
import { expect, test } from 'vitest';
import { scanMembers } from './json-scan.js';

const DEPTH = 32;
const scan = (text: string): readonly { name: string; value: string }[] | undefined =>
  scanMembers(Buffer.from(text), DEPTH)?.map(({ name, value }) => ({
    name: name.toString(),
    value: value.toString(),
  }));

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const object = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 5 }));

test('the members of any object are found, however it is spaced', () => {
  fc.assert(
    fc.property(object, fc.constantFrom(undefined, 1, '\t', '\r\n '), (value, space) => {
      const members = scan(` ${JSON.stringify(value, null, space)}\n`);
      const read = members?.map(({ name, value: text }) => [JSON.parse(name), JSON.parse(text)] as const);
      expect(read).toEqual(Object.entries(JSON.parse(JSON.stringify(value)) as object));
    }),
  );
});

test('a text is an object for the scan exactly when it is one for JSON.parse, wherever it was damaged', () => {
  const damage = fc.record({
    value: object,
    at: fc.nat(),
    length: fc.nat({ max: 2 }),
    insert: fc.constantFrom(
      '',
      ',',
      '"',
      '\\',
      '\\u00',
      '{',
      ']',
      '0',
      '-',
      '.',
      'e',
      '+',
      'n',
      '\n',
      '\u0001',
      ' ',
    ),
  });
  fc.assert(
    fc.property(damage, ({ value, at, length, insert }) => {
      const text = JSON.stringify(value);
      const from = at % text.length;
      const damaged = text.slice(0, from) + insert + text.slice(from + length);
      expect(scan(damaged) !== undefined).toBe(isObject(parse(damaged)));
    }),
    { numRuns: 2_000 },
  );
});

test.each([
  '-0',
  '0',
  '-1.5e+10',
  '1E5',
  '1e-7',
  '01',
  '-',
  '+1',
  '.5',
  '1.',
  '1e',
  '1e+',
  '0x1',
  'NaN',
  'true',
  'tru',
  'truee',
  'false',
  'null',
  'nul',
  '"\\u00e9"',
  '"\\u00g9"',
  '"\\x"',
  '"\\',
  '"a\nb"',
  '"\u007f"',
  '[1,]',
  '[,]',
  '{}',
  '{"a"}',
  '{"a":}',
  '{"a":1,}',
  '',
  '1 2',
  '[1 2]',
])('%s is a value for the scan exactly when it is one for JSON.parse', (value) => {
  const text = `{"a":${value}}`;
  expect(scan(text) !== undefined).toBe(parse(text) !== undefined);
});

test('an object may be nested as deep as the limit and no deeper', () => {
  const nested = (depth: number): string => `{"a":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`;
  expect(scan(nested(DEPTH))).toHaveLength(1);
  expect(scan(nested(DEPTH + 1))).toBeUndefined();
});

test.each(['', ' ', '[]', '1', '"{}"', '{}{}', '{} x', '{'])('%j is no object', (text) => {
  expect(scan(text)).toBeUndefined();
});
