import fc from 'fast-check';
import { expect, test } from 'vitest';
import { elementSlices, memberSlices } from './json-slices.js';

test('numbers that JavaScript cannot hold keep their digits', () => {
  const slices = memberSlices(Buffer.from('{"type":"a.b","data": {"n":12345678901234567890,"m":1.0} }'));
  expect(slices.get('data')?.toString()).toBe('{"n":12345678901234567890,"m":1.0}');
});

test('of a repeated member the last one counts, as for JSON.parse', () => {
  expect(memberSlices(Buffer.from('{"data":1,"da\\u0074a":2}')).get('data')?.toString()).toBe('2');
});

test('any object gives the value of each member, however it is spaced', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 6 }),
      fc.constantFrom(0, 1, '\t'),
      (object, space) => {
        const own = Object.fromEntries(Object.entries(object).filter(([name]) => name !== '__proto__'));
        const slices = memberSlices(Buffer.from(` ${JSON.stringify(own, null, space)}\n`));
        const parsed = [...slices].map(([name, slice]) => [name, JSON.parse(slice.toString())] as const);
        const expected = Object.entries(JSON.parse(JSON.stringify(own)) as object);
        expect(Object.fromEntries(parsed)).toEqual(Object.fromEntries(expected));
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
