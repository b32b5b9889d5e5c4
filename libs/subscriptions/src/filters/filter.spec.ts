import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EventDocument } from './event-document.js';
import type { Filter } from './filter.js';
import { isFilter, readFilter } from './read-filter.js';

const ORDER = {
  amount: 12.5,
  big: 9_007_199_254_740_992,
  status: 'paid',
  note: null,
  isTest: false,
  customer: { name: 'Ada', 'e-mail': 'ada@example.com', 'a.b': 1 },
  lines: [{ sku: 'A-1' }, { sku: 'B-2' }],
  list: [1, 2],
};

test.each<[string, object, boolean]>([
  ['equal texts', { path: 'data.status', equals: 'paid' }, true],
  ['another case', { path: 'data.status', equals: 'Paid' }, false],
  ['null that is null', { path: 'data.note', equals: null }, true],
  ['null that is not there', { path: 'data.nothing', equals: null }, false],
  ['a number as text', { path: 'data.amount', equals: '12.5' }, false],
  ['another notation of a number', { path: 'data.amount', equals: 1.25e1 }, true],
  ['false', { path: 'data.isTest', equals: false }, true],
  ['one of several', { path: 'data.status', in: ['open', 'paid'] }, true],
  ['none of several', { path: 'data.status', in: ['open', null, 3] }, false],
  ['a prefix', { path: 'data.customer.name', prefix: 'Ad' }, true],
  ['a prefix of a number', { path: 'data.amount', prefix: '1' }, false],
  ['a suffix', { path: 'data.customer.e-mail', suffix: '@example.com' }, true],
  ['a longer suffix', { path: 'data.status', suffix: 'is paid' }, false],
  ['presence', { path: 'data.note', exists: true }, true],
  ['absence', { path: 'data.customer.name.first', exists: false }, true],
  ['a range', { path: 'data.amount', gte: 12.5, lt: 13 }, true],
  ['a range that ends before', { path: 'data.amount', gt: 12.5, lte: 13 }, false],
  ['a text that looks like more', { path: 'data.status', gt: 1 }, false],
  ['a place in a list', { path: 'data.lines[1].sku', equals: 'B-2' }, true],
  ['a place behind a list', { path: 'data.lines[2]', exists: true }, false],
  ['the length of a list', { path: 'data.list.length', exists: true }, false],
  ['what every object inherits', { path: 'data.constructor', exists: true }, false],
  ['a quoted name', { path: `$.data.customer['a.b']`, equals: 1 }, true],
  ['a whole object', { path: 'data.customer', exists: true, in: [1] }, false],
  ['the type', { path: 'type', suffix: '.created' }, true],
  ['the subject', { path: 'subject', prefix: 'orders/' }, true],
  [
    'all',
    {
      all: [
        { path: 'data.status', equals: 'paid' },
        { path: 'data.amount', gt: 100 },
      ],
    },
    false,
  ],
  [
    'any',
    {
      any: [
        { path: 'data.status', equals: 'open' },
        { path: 'data.amount', gt: 10 },
      ],
    },
    true,
  ],
  ['not, of what is not there', { not: { path: 'data.nothing', equals: 1 } }, true],
])('%s', (_what, filter, isWanted) => {
  expect(read(filter).matches(documentOf(ORDER))).toBe(isWanted);
});

test('an event without subject has none, and data that are no JSON have nothing', () => {
  const event = { type: 'a.b', subject: null, data: Buffer.from('{"a":') };
  const document = EventDocument.of(event);
  expect(read({ path: 'subject', exists: false }).matches(document)).toBe(true);
  expect(read({ path: 'data', exists: false }).matches(document)).toBe(true);
});

test('data are not parsed for a filter that does not ask for them, and once for one that does', () => {
  let reads = 0;
  const document = new EventDocument('a.b', undefined, () => ((reads += 1), ORDER));
  expect(read({ all: [{ path: 'type', equals: 'a.b' }] }).matches(document)).toBe(true);
  expect(reads).toBe(0);
  read({
    any: [
      { path: 'data.amount', lt: 1 },
      { path: 'data.amount', lt: 2 },
    ],
  }).matches(document);
  expect(reads).toBe(1);
});

test('the decision names the clause and what was found', () => {
  const filter = {
    all: [
      { path: 'data.status', equals: 'paid' },
      {
        any: [
          { path: 'data.amount', gte: 100 },
          { path: 'data.vip', exists: true },
        ],
      },
    ],
  };
  expect(read(filter).decide(documentOf(ORDER))).toEqual({
    matches: false,
    clause: 'filter.all[1].any',
    detail: 'None of 2 parts holds.',
  });
  expect(read(filter).decide(documentOf({ ...ORDER, status: 'open' }))).toEqual({
    matches: false,
    clause: 'filter.all[0]',
    detail: 'equals "paid" does not hold: data.status is "open".',
  });
  expect(read(filter).decide(documentOf({ ...ORDER, vip: {} }))).toMatchObject({
    matches: true,
    clause: 'filter.all',
  });
  expect(read({ not: { path: 'data.vip', exists: true } }).decide(documentOf(ORDER))).toEqual({
    matches: true,
    clause: 'filter.not',
    detail: 'exists true does not hold: data.vip is not there. A `not` around it turns that round.',
  });
});

/** The naive way: walk the JSON of the filter itself, and of the payload, without compiling anything. */
function naive(filter: Json, data: unknown): boolean {
  if ('all' in filter) return (filter['all'] as Json[]).every((part) => naive(part, data));
  if ('any' in filter) return (filter['any'] as Json[]).some((part) => naive(part, data));
  if ('not' in filter) return !naive(filter['not'] as Json, data);
  const value = naiveValue(String(filter['path']), data);
  return Object.entries(filter).every(
    ([name, operand]) => name === 'path' || naiveTest(name, value, operand),
  );
}

function naiveValue(path: string, data: unknown): unknown {
  let value = data as Json | undefined;
  for (const step of path.split('.').slice(1)) {
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    const found = isObject ? Object.entries(value as Json).find(([name]) => name === step) : undefined;
    if (found === undefined) return undefined;
    value = found[1] as Json;
  }
  return value;
}

function naiveTest(name: string, value: unknown, operand: unknown): boolean {
  const numbers =
    typeof value === 'number' && typeof operand === 'number' ? ([value, operand] as const) : null;
  if (name === 'equals') return JSON.stringify(value) === JSON.stringify(operand);
  if (name === 'in') return (operand as unknown[]).some((one) => naiveTest('equals', value, one));
  if (name === 'exists') return (value !== undefined) === operand;
  if (name === 'prefix') return typeof value === 'string' && value.indexOf(String(operand)) === 0;
  if (name === 'suffix') return typeof value === 'string' && value.slice(-String(operand).length) === operand;
  if (numbers === null) return false;
  const [left, right] = numbers;
  return { gt: left > right, gte: left >= right, lt: left < right, lte: left <= right }[name] ?? false;
}

type Json = Record<string, unknown>;

const name = fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor', 'ä');
const scalar = fc.oneof(
  fc.constantFrom('', 'a', 'ab', 'b', 1, 2, 0, -1, 1.5, true, false, null),
  fc.string({ maxLength: 3, unit: 'grapheme' }),
);
const text = fc.constantFrom('a', 'ab', 'b', 'ä');
const number = fc.constantFrom(-1, 0, 1, 1.5, 2);
const path = fc.array(name, { minLength: 0, maxLength: 3 }).map((steps) => ['data', ...steps].join('.'));
const operators = {
  equals: scalar,
  in: fc.array(scalar, { minLength: 1, maxLength: 3 }),
  prefix: text,
  suffix: text,
  exists: fc.boolean(),
  gt: number,
  gte: number,
  lt: number,
  lte: number,
};
const condition = fc
  .constantFrom(...(Object.keys(operators) as (keyof typeof operators)[]))
  .chain((operator) =>
    (operators[operator] as fc.Arbitrary<unknown>).map((operand) => ({ [operator]: operand })),
  );
const clause = fc
  .tuple(path, condition, condition)
  .map(([at, one, two]): Json => ({ path: at, ...one, ...two }));
const { filter: anyFilter } = fc.letrec<{ filter: Json }>((tie) => ({
  filter: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    clause,
    fc.array(tie('filter'), { minLength: 1, maxLength: 3 }).map((all): Json => ({ all })),
    fc.array(tie('filter'), { minLength: 1, maxLength: 3 }).map((any): Json => ({ any })),
    tie('filter').map((not): Json => ({ not })),
  ),
}));
const { data: anyData } = fc.letrec((tie) => ({
  data: fc.oneof(
    { depthSize: 'small' },
    scalar,
    fc.dictionary(name, tie('data'), { maxKeys: 4 }),
    fc.array(tie('data'), { maxLength: 2 }),
  ),
}));

test('any filter decides about any payload as the naive reading of its JSON does', () => {
  fc.assert(
    fc.property(anyFilter, anyData, (filter, data) => {
      const read = readFilter(filter);
      fc.pre(isFilter(read));
      const payload = JSON.stringify(data);
      const document = EventDocument.of({ type: 'a.b', subject: null, data: Buffer.from(payload) });
      const wanted = naive(filter, JSON.parse(payload));
      expect(read.matches(document)).toBe(wanted);
      expect(read.decide(document).matches).toBe(wanted);
    }),
    { numRuns: 500 },
  );
});

function read(filter: object): Filter {
  const result = readFilter(filter);
  if (!isFilter(result)) throw new Error(JSON.stringify(result));
  return result;
}

function documentOf(data: unknown): EventDocument {
  const event = { type: 'order.created', subject: 'orders/42', data: Buffer.from(JSON.stringify(data)) };
  return EventDocument.of(event);
}
