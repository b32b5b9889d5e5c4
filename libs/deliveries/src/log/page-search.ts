import type { Database } from '#libs/database';
import { decodeCursor } from '#libs/kernel';

/**
 * A search reads on for this long and then gives what it has, with a cursor at the place where it stopped. So a filter
 * that matches next to nothing costs many small pages instead of one query that reads the whole log.
 */
const READS_FOR_MS = 20;
const FIRST_CHUNK = 250;
/** A stretch that was read quickly says little about the next one, which may not be in memory. */
const LARGEST_CHUNK = 2_500;
/** Above every id. */
const NEWEST = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** Where a search reads: the entries of an index, newest first. `$1` is the id that they must be below. */
export interface SearchSource {
  readonly table: 'delivery' | 'event';
  /** The column that the index begins with; `id` is its second one. */
  readonly scopeColumn: 'tenant_id' | 'subscription_id';
  /** The values of that column to read under; `$2`. */
  readonly scopes: readonly string[];
  /** Conditions on `d` that the index answers. */
  readonly indexed: readonly string[];
  /** Conditions on `d` that need the row itself. */
  readonly checked: readonly string[];
  /** SQL of the `scope` and `id` of matches that are in no index. */
  readonly besides?: string | undefined;
  /** Of the parameters `$3` and on. */
  readonly values: readonly unknown[];
}

export interface SearchPage {
  readonly limit: number;
  readonly cursor?: string | undefined;
  /** Ids are below this one in any case. */
  readonly below?: string | undefined;
}

/** Known by what the index holds, so that a row which is not shown after all is not read. */
export interface FoundRow {
  readonly scope: string;
  readonly id: string;
}

export interface Found {
  /** Newest first. */
  readonly rows: readonly FoundRow[];
  /** Where the next page begins, below this id; null if there is none. */
  readonly nextId: string | null;
}

interface ReadRow extends FoundRow {
  readonly is_match: boolean;
  /** The reading of its scope ended here, for now. */
  readonly is_last: boolean;
}

/** Finds the rows of a page by keyset; what it costs grows neither with the table nor with the page's place in it. */
export async function searchPage(database: Database, source: SearchSource, page: SearchPage): Promise<Found> {
  const rows: FoundRow[] = [];
  const pace = new Pace(source.scopes.length);
  let below = startOf(page);
  for (;;) {
    const perScope = source.checked.length === 0 ? page.limit + 1 : pace.perScope();
    const read = await readChunk(database, source, { below, perScope, take: page.limit + 1 });
    const end = read.findIndex(({ is_last }) => is_last);
    const seen = end === -1 ? read : read.slice(0, end + 1);
    rows.push(...seen.filter(({ is_match }) => is_match));
    if (rows.length > page.limit) return pageOf(rows.slice(0, page.limit));
    const stop = read[end];
    if (stop === undefined) return { rows, nextId: null };
    if (pace.isOver()) return { rows, nextId: stop.id };
    below = stop.id;
  }
}

function pageOf(rows: readonly FoundRow[]): Found {
  return { rows, nextId: rows.at(-1)?.id ?? null };
}

function startOf({ cursor, below = NEWEST }: SearchPage): string {
  const after = cursor === undefined ? NEWEST : decodeCursor(cursor);
  return after < below ? after : below;
}

/** Reads as much at once as fits into the time that is left, by the speed seen so far. */
class Pace {
  private readonly startedAt = performance.now();
  private rows = 0;

  constructor(private readonly scopeCount: number) {}

  perScope(): number {
    const spentMs = this.spentMs();
    const rows = this.rows === 0 ? 0 : (this.rows / spentMs) * (READS_FOR_MS - spentMs) * 0.7;
    // Of several scopes only the part is used that is newer than where the first of them ended.
    const least = this.scopeCount === 1 ? FIRST_CHUNK : 3 * FIRST_CHUNK;
    const chunk = Math.min(Math.max(rows, least), LARGEST_CHUNK);
    const perScope = Math.ceil(chunk / this.scopeCount);
    this.rows += perScope * this.scopeCount;
    return perScope;
  }

  isOver(): boolean {
    return this.spentMs() >= READS_FOR_MS;
  }

  private spentMs(): number {
    return performance.now() - this.startedAt;
  }
}

interface Chunk {
  readonly below: string;
  readonly perScope: number;
  readonly take: number;
}

/** Newest first, the rows that match and those at which the reading of a scope ended. */
function readChunk(database: Database, source: SearchSource, chunk: Chunk): Promise<ReadRow[]> {
  const { table, scopeColumn, besides } = source;
  const indexed = [`d.${scopeColumn} = s.scope`, 'd.id < $1', ...source.indexed].join(' AND ');
  const isMatch = source.checked.length === 0 ? 'true' : source.checked.join(' AND ');
  return database.query<ReadRow>(
    `SELECT s.scope, p.id, p.is_match, p.is_last
     FROM (${scopesToRead(source, indexed, chunk.take)}) s CROSS JOIN LATERAL (
       SELECT r.*, row_number() OVER () = ${chunk.perScope} AS is_last FROM (
         SELECT d.id, ${isMatch} AS is_match FROM ${table} d
         WHERE ${indexed} ORDER BY d.id DESC LIMIT ${chunk.perScope}
       ) r
     ) p
     WHERE p.is_match OR p.is_last
     ${besides === undefined ? '' : `UNION ALL SELECT b.scope, b.id, true, false FROM (${besides}) b`}
     ORDER BY id DESC LIMIT ${chunk.take}`,
    [chunk.below, source.scopes, ...source.values],
  );
}

/** If every entry matches, only the scopes with the newest ones can have a part in the page. */
function scopesToRead({ table, scopes, checked }: SearchSource, indexed: string, take: number): string {
  const all = 'SELECT unnest($2::uuid[]) AS scope';
  if (scopes.length === 1 || checked.length > 0) return all;
  return `
    SELECT s.scope FROM (${all}) s CROSS JOIN LATERAL (
      SELECT d.id FROM ${table} d WHERE ${indexed} ORDER BY d.id DESC LIMIT 1
    ) newest
    ORDER BY newest.id DESC LIMIT ${take}`;
}
