import { expect, test } from 'vitest';
import { FILTER_LIMITS } from './filter-limits.js';
import { isFilter, readFilter } from './read-filter.js';

const CLAUSE = { path: 'data.a', equals: 1 };
const many = (count: number): object[] => Array.from({ length: count }, () => CLAUSE);
const deep = (levels: number): object => (levels === 0 ? CLAUSE : { not: deep(levels - 1) });

test.each<[string, unknown, string, RegExp]>([
  ['no object', 'data.a', 'filter', /must be a clause/],
  ['a list', [CLAUSE], 'filter', /must be a clause/],
  ['nothing', {}, 'filter', /must be a clause/],
  ['a part that is none', { all: [CLAUSE, 7] }, 'filter.all[1]', /must be a clause/],
  ['an empty list', { any: [] }, 'filter.any', /list of 1 to 50/],
  ['two groups', { any: [CLAUSE], not: CLAUSE }, 'filter', /must hold any alone/],
  ['a clause that is a group', { ...CLAUSE, not: CLAUSE }, 'filter', /must hold not alone/],
  ['no path', { equals: 1 }, 'filter.path', /must be a text/],
  ['no operator', { path: 'data.a' }, 'filter', /at least one of equals/],
  ['an operator of elsewhere', { path: 'data.a', $gt: 1 }, 'filter.$gt', /not known/],
  ['an operator of every object', { path: 'data.a', constructor: 1 }, 'filter.constructor', /not known/],
  ['an object to compare with', { path: 'data.a', equals: {} }, 'filter.equals', /text, a number/],
  ['a value of a list', { not: { path: 'data.a', in: [1, []] } }, 'filter.not.in', /each value must be/],
  ['too many values', { path: 'data.a', in: Array.from({ length: 101 }, () => 1) }, 'filter.in', /1 to 100/],
  ['an empty prefix', { path: 'data.a', prefix: '' }, 'filter.prefix', /at least one character/],
  ['a text that no column holds', { path: 'data.a', suffix: 'a\0' }, 'filter.suffix', /NUL/],
  ['half a character', { path: 'data.a', equals: '\ud800' }, 'filter.equals', /half/],
  ['a number as text', { path: 'data.a', gte: '5' }, 'filter.gte', /must be a number/],
  ['an endless number', { path: 'data.a', lt: Infinity }, 'filter.lt', /must be a number/],
  ['a long text', { path: 'data.a', equals: 'x'.repeat(513) }, 'filter.equals', /512 characters/],
  ['presence as text', { path: 'data.a', exists: 'yes' }, 'filter.exists', /true or false/],
  ['another root', { path: 'customer.name', equals: 1 }, 'filter.path', /begin with type, subject, data/],
  ['a path into the type', { path: 'type.a', equals: 1 }, 'filter.path', /must end after type/],
  ['a wildcard', { path: 'data.items[*].id', equals: 1 }, 'filter.path', /character 11 .* no wildcards/],
  ['a descent', { path: 'data..id', equals: 1 }, 'filter.path', /character 5/],
  ['a place with a dot', { path: 'data.items.0', equals: 1 }, 'filter.path', /says \.0: .*\[0\]/],
  ['a long path', { path: `data${'.a'.repeat(200)}`, equals: 1 }, 'filter.path', /1 to 256/],
  ['a path of many steps', { path: `data${'.a'.repeat(17)}`, equals: 1 }, 'filter.path', /16 steps/],
  ['too many clauses', { all: [{ all: many(30) }, { all: many(21) }] }, 'filter', /50 clauses/],
  ['too many levels', deep(9), 'filter' + '.not'.repeat(9), /8 levels/],
  [
    'too many bytes',
    { all: Array.from({ length: 20 }, () => ({ path: 'data.a', equals: 'ä'.repeat(500) })) },
    'filter',
    /8192 bytes/,
  ],
])('a filter with %s is refused where the fault is', (_what, filter, field, message) => {
  expect(readFilter(filter)).toMatchObject([{ field, message: expect.stringMatching(message) }]);
});

test('a filter may use all that the limits leave', () => {
  expect(isFilter(readFilter({ all: many(FILTER_LIMITS.clauses) }))).toBe(true);
  expect(isFilter(readFilter(deep(FILTER_LIMITS.depth)))).toBe(true);
});

test('all faults are named together, but not without end', () => {
  const faults = readFilter({
    all: [
      { path: 'x', equals: {} },
      { path: 'data.a', prefix: 1, gt: 'a' },
    ],
  });
  expect(faults).toHaveLength(4);
  expect(readFilter({ any: Array.from({ length: 50 }, () => 1) })).toHaveLength(20);
});
