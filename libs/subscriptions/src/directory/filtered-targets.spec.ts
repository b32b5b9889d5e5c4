import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EventDocument } from '../filters/event-document.js';
import { isFilter, readFilter } from '../filters/read-filter.js';
import { FilteredTargets } from './filtered-targets.js';
import type { Target } from './target.js';

const value = fc.constantFrom(0, 1, '1', 'a', null, true);
const path = fc.constantFrom('data.a', '$.data.a', `data['a']`, 'data.b', 'type');
const clause = fc.oneof(
  fc.tuple(path, value).map(([at, equals]) => ({ path: at, equals })),
  fc
    .tuple(path, fc.array(value, { minLength: 1, maxLength: 3 }))
    .map(([at, values]) => ({ path: at, in: values })),
  fc.tuple(path, fc.constantFrom(0, 1)).map(([at, gte]) => ({ path: at, gte })),
);
const filter = fc.oneof(
  fc.constant(null),
  clause,
  fc.array(clause, { minLength: 1, maxLength: 3 }).map((all) => ({ all })),
  fc.array(clause, { minLength: 1, maxLength: 3 }).map((any) => ({ any })),
  clause.map((not) => ({ not })),
);

test('those found by the value that they require are those whose filter passes, each once', () => {
  const data = fc.record({ a: value, b: value }, { requiredKeys: [] });
  fc.assert(
    fc.property(fc.array(filter, { maxLength: 12 }), data, (filters, payload) => {
      const targets = filters.map(targetWith);
      const document = EventDocument.of({
        type: 'a',
        subject: null,
        data: Buffer.from(JSON.stringify(payload)),
      });
      const wanted = targets.filter((target) => target.filter === null || target.filter.matches(document));
      const found = new FilteredTargets(targets).wanting(document);
      expect(found.map(({ id }) => id).toSorted()).toEqual(wanted.map(({ id }) => id).toSorted());
    }),
  );
});

/** All that is read of a target here. */
function targetWith(json: unknown, place: number): Target {
  const read = json === null ? null : readFilter(json);
  if (read !== null && !isFilter(read)) throw new Error(JSON.stringify(read));
  return { id: String(place), filter: read } as Target;
}
