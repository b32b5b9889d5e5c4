import { AppError } from './app-error.js';

/** One page of a list. `nextCursor` is opaque and stays valid while rows are added. */
export interface Page<T> {
  readonly data: readonly T[];
  readonly nextCursor: string | null;
}

/** Keyset cursor: the id of the last row shown. */
export function encodeCursor(id: string): string {
  return Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url');
}

/** The id in a cursor; a cursor that we did not make is the caller's error. */
export function decodeCursor(cursor: string): string {
  const hex = Buffer.from(cursor, 'base64url').toString('hex');
  if (hex.length !== 32) {
    throw new AppError(
      'malformed',
      'invalid_cursor',
      'Take the cursor from `nextCursor` of the page before.',
    );
  }
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Cuts a page out of `limit + 1` rows: the extra row only tells that there is a next page. */
export function pageOf<T extends { id: string }>(rows: readonly T[], limit: number): Page<T> {
  const data = rows.slice(0, limit);
  const last = data.at(-1);
  return { data, nextCursor: rows.length > limit && last ? encodeCursor(last.id) : null };
}
