import { expect, test } from 'vitest';
import { compileEventSchema } from './event-schema.js';

const entry = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  type: 'object',
  required: ['id', 'pattern'],
  properties: { id: { $ref: '#/$defs/id' }, pattern: { type: 'integer' }, tags: { items: { maxLength: 3 } } },
  $defs: { id: { type: 'string', minLength: 2 } },
  examples: [{ format: 'anything' }],
};

test('data is checked, and a fault names its place', () => {
  const check = compileEventSchema(entry);
  expect(check({ id: '42', pattern: 1 })).toEqual([]);
  expect(check({ id: '4', pattern: 1 })).toMatchObject([{ field: 'data.id' }]);
  expect(check({ id: '42' })).toMatchObject([{ field: 'data', message: expect.stringContaining('pattern') }]);
  expect(check({ id: '42', pattern: 1, tags: ['long!'] })).toMatchObject([{ field: 'data.tags.0' }]);
  expect(check([])).toHaveLength(1);
});

const deep = (depth: number): object => (depth === 0 ? {} : { not: deep(depth - 1) });
const doubling = Object.fromEntries(
  Array.from({ length: 30 }, (_, at) => [`d${at}`, { allOf: [ref(`d${at + 1}`), ref(`d${at + 1}`)] }]),
);

test.each<[string, unknown, RegExp]>([
  [
    'a regular expression',
    { properties: { a: { pattern: '(a+)+$' } } },
    /"pattern" is not supported \(at a\)/,
  ],
  ['property names by regular expression', { patternProperties: { '(a+)+$': {} } }, /patternProperties/],
  ['a format', { items: { format: 'email' } }, /format/],
  ['comparing all pairs', { uniqueItems: true }, /uniqueItems/],
  ['an asynchronous answer', { $async: true }, /\$async/],
  ['a name of its own', { $id: 'http://example.com/a' }, /\$id/],
  ['a remote reference', { $ref: 'http://169.254.169.254/schema' }, /\$ref/],
  ['a reference that is no text', { $ref: {} }, /\$ref/],
  ['a reference into a value', { $ref: '#/default', default: { pattern: '(a+)+$' } }, /\$ref/],
  ['a refused rule behind a reference', { $ref: '#/$defs/a', $defs: { a: { pattern: 'x' } } }, /"pattern"/],
  ['a reference to itself', { $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/a' } } }, /back to itself/],
  ['references that double', { ...ref('d0'), $defs: doubling }, /rules/],
  ['a reference to nothing', { $ref: '#/$defs/nothing' }, /nothing/],
  ['endless depth', deep(100), /levels deep/],
  ['a fault of its own', { type: 'wrong' }, /type/],
  ['too many bytes', { description: 'x'.repeat(70_000) }, /larger than/],
  ['no object', true, /JSON object/],
  ['nothing', null, /JSON object/],
])('a schema with %s is refused', (_what, schema, message) => {
  expect(() => compileEventSchema(schema)).toThrow(
    expect.objectContaining({
      kind: 'invalid',
      code: 'invalid_schema',
      message: expect.stringMatching(message),
    }),
  );
});

function ref(name: string): object {
  return { $ref: `#/$defs/${name}` };
}
