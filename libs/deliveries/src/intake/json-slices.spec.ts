import fc from 'fast-check';
import { expect, test } from 'vitest';
import { elementSlices, memberSlice } from './json-slices.js';

test('numbers that JavaScript cannot hold keep their digits', () => {
  const json = Buffer.from('{"type":"a.b","data": {"n":12345678901234567890,"m":1.0} }');
  expect(memberSlice(json, 'data')?.toString()).toBe('{"n":12345678901234567890,"m":1.0}');
});

test('of a repeated member the last one counts, as for JSON.parse', () => {
  expect(memberSlice(Buffer.from('{"data":1,"da\\u0074a":2}'), 'data')?.toString()).toBe('2');
});

test('any object gives the value of each member, however it is spaced', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 6 }),
      fc.constantFrom(0, 1, '\t'),
      (object, space) => {
        const own = Object.fromEntries(Object.entries(object).filter(([name]) => name !== '__proto__'));
        const json = Buffer.from(` ${JSON.stringify(own, null, space)}\n`);
        for (const [name, value] of Object.entries(JSON.parse(JSON.stringify(own)) as object)) {
          expect(JSON.parse(memberSlice(json, name)?.toString() ?? 'missing')).toEqual(value);
        }
        expect(memberSlice(json, 'a name that is not there')).toBeUndefined();
      },
    ),
  );
});

test('any array gives its elements, however it is spaced', () => {
  fc.assert(
    fc.property(
      fc.array(fc.jsonValue({ maxDepth: 2 }), { maxLength: 6 }),
      fc.constantFrom(0, 2),
      (array, space) => {
        const elements = elementSlices(Buffer.from(JSON.stringify(array, null, space)));
        expect(elements.map((element) => JSON.parse(element.toString()) as unknown)).toEqual(
          JSON.parse(JSON.stringify(array)),
        );
      },
    ),
  );
});
