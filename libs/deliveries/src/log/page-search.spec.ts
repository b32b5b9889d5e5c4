import { afterEach, expect, test, vi } from 'vitest';
import type { Database } from '#libs/database';
import { encodeCursor } from '#libs/kernel';
import { searchPage, type SearchSource } from './page-search.js';

interface Read {
  readonly id: string;
  readonly is_match?: boolean;
  readonly is_last?: boolean;
}

const row = ({ id, is_match = true, is_last = false }: Read): object => ({
  scope: 't',
  id,
  is_match,
  is_last,
});
const source: SearchSource = {
  table: 'delivery',
  scopeColumn: 'tenant_id',
  scopes: ['t'],
  indexed: [],
  checked: ['d.event_type = $3'],
  values: ['a.b'],
};

/** A database whose statements take 9 ms each and read what is given, one list after another. */
function reading(...reads: readonly (readonly Read[])[]): { database: Database; below: () => unknown[] } {
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  const query = vi.fn((_sql: string, _values: readonly unknown[]) => {
    now += 9;
    return Promise.resolve((reads[query.mock.calls.length - 1] ?? []).map(row));
  });
  return {
    database: { query } as unknown as Database,
    below: () => query.mock.calls.map(([, values]) => values[0]),
  };
}
afterEach(() => {
  vi.restoreAllMocks();
});

const stop = (id: string): Read => ({ id, is_match: false, is_last: true });

test('a search goes on where its reading ended until the page is full', async () => {
  const { database, below } = reading([{ id: '9' }, stop('7')], [{ id: '6' }, { id: '5' }]);
  const found = await searchPage(database, source, { limit: 2 });
  expect(found).toMatchObject({ rows: [{ id: '9' }, { id: '6' }], nextId: '6' });
  expect(below()).toEqual(['ffffffff-ffff-ffff-ffff-ffffffffffff', '7']);
});

test('a search that has read for its time gives what it has, and says where it stopped', async () => {
  const { database } = reading([stop('9')], [{ id: '8' }, stop('7')], [stop('6')], [{ id: '5' }]);
  expect(await searchPage(database, source, { limit: 2 })).toMatchObject({
    rows: [{ id: '8' }],
    nextId: '6',
  });
});

test('what comes after the end of a shorter scope is left for the next reading', async () => {
  const { database, below } = reading([{ id: '9' }, { id: '8', is_last: true }, { id: '4' }], [{ id: '6' }]);
  const found = await searchPage(database, source, { limit: 5 });
  expect(found).toMatchObject({ rows: [{ id: '9' }, { id: '8' }, { id: '6' }], nextId: null });
  expect(below()[1]).toBe('8');
});

test('the page begins below the cursor and below the end of the time asked for, whichever is older', async () => {
  const [newer, older] = ['00000000-0000-0000-0000-00000000000b', '00000000-0000-0000-0000-00000000000a'];
  const { database, below } = reading([], []);
  await searchPage(database, source, { limit: 2, cursor: encodeCursor(newer), below: older });
  await searchPage(database, source, { limit: 2, cursor: encodeCursor(older), below: newer });
  expect(below()).toEqual([older, older]);
});
