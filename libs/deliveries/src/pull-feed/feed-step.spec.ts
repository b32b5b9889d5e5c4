import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BEGINNING, decodePosition, encodePosition, type FeedPosition, NO_ID } from './feed-cursor.js';
import { type FeedPlace, positionAt, step } from './feed-step.js';

const idOf = (number: number): string => `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`;

/** A table of events whose transactions commit in any order, read as the statement reads it. */
class Table {
  readonly committed: FeedPlace[] = [];
  readonly running = new Set<bigint>();

  look(from: FeedPosition, limit: number) {
    const late = new Map(from.open.map(({ number, after }) => [number, after]));
    const places = this.committed
      .filter(({ transaction, id }) => {
        const after = late.get(transaction);
        if (after !== undefined) return id > after;
        return transaction > from.transaction || (transaction === from.transaction && id > from.id);
      })
      .toSorted((one, other) =>
        one.transaction === other.transaction
          ? one.id.localeCompare(other.id)
          : Number(one.transaction - other.transaction),
      );
    const running = [...this.running].toSorted((one, other) => Number(one - other));
    return { places: places.slice(0, limit), isWhole: places.length <= limit, running };
  }
}

type Move =
  | { readonly kind: 'begin' }
  | { readonly kind: 'commit'; readonly which: number; readonly events: number }
  | { readonly kind: 'read'; readonly limit: number };

const move: fc.Arbitrary<Move> = fc.oneof(
  fc.constant({ kind: 'begin' as const }),
  fc.record({
    kind: fc.constant('commit' as const),
    which: fc.nat(),
    events: fc.integer({ min: 0, max: 5 }),
  }),
  fc.record({ kind: fc.constant('read' as const), limit: fc.integer({ min: 1, max: 4 }) }),
);

test('every event is read once, in whichever order transactions commit and wherever pages end', () => {
  fc.assert(
    fc.property(fc.array(move, { maxLength: 120 }), (moves) => {
      const table = new Table();
      const read: string[] = [];
      let position = BEGINNING;
      let next = 1n;
      let serial = 0;
      const commit = (transaction: bigint, events: number): void => {
        table.running.delete(transaction);
        for (let count = 0; count < events; count += 1)
          table.committed.push({ transaction, id: idOf((serial += 1)) });
      };
      const readPage = (limit: number): number => {
        const done = step(position, table.look(position, limit));
        // A cursor travels as text.
        position = decodePosition(encodePosition(done.position));
        read.push(...done.taken.map(({ id }) => id));
        return done.taken.length;
      };
      for (const one of moves) {
        if (one.kind === 'begin') table.running.add(next++);
        else if (one.kind === 'read') readPage(one.limit);
        else {
          const running = [...table.running];
          const chosen = running[one.which % Math.max(running.length, 1)];
          if (chosen !== undefined) commit(chosen, one.events);
        }
      }
      for (const transaction of table.running) commit(transaction, 2);
      while (readPage(3) > 0);
      expect(read.toSorted()).toEqual(table.committed.map(({ id }) => id).toSorted());
      readPage(1);
      expect(position.open).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

test('a reader that begins at the end gets what commits later, and nothing of before', () => {
  const last = { transaction: 9n, id: idOf(1) };
  const position = positionAt(last, [4n, 12n]);
  expect(position.open).toEqual([{ number: 4n, after: NO_ID }]);
  const late = { transaction: 4n, id: idOf(2) };
  const { taken, position: after } = step(position, { places: [late], isWhole: true, running: [12n] });
  expect(taken).toEqual([late]);
  expect(after).toEqual({ ...last, open: [] });
});

test('a reader does not go past more running transactions than a cursor can name', () => {
  const running = Array.from({ length: 600 }, (_, index) => BigInt(index + 1));
  const places = [{ transaction: 1000n, id: idOf(1) }];
  expect(step(BEGINNING, { places, isWhole: true, running })).toEqual({ taken: [], position: BEGINNING });
  expect(positionAt({ transaction: 1000n, id: idOf(1) }, running).open).toHaveLength(500);
});

test.each([
  '',
  'x',
  '-',
  `1-${'g'.repeat(32)}`,
  `1-${'0'.repeat(32)}.`,
  `5-${'0'.repeat(32)}.5`,
  `5-${'0'.repeat(32)}.6`,
  `zzzzzzzzzzzzz-${'0'.repeat(32)}`,
  `1-${'0'.repeat(32)}'`,
])('the cursor %j is none', (cursor) => {
  expect(() => decodePosition(cursor)).toThrow(expect.objectContaining({ code: 'invalid_cursor' }));
});
