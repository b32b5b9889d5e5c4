import { AppError } from '#libs/kernel';

/** Below every id. */
export const NO_ID = '00000000-0000-0000-0000-000000000000';

/** A transaction that was still running when a reader had come past it, and how far it has been read since. */
export interface OpenTransaction {
  readonly number: bigint;
  /** Its events up to this id have been read. */
  readonly after: string;
}

/** What has been read: everything up to here but what `open` transactions wrote. */
export interface FeedPosition {
  /** The transaction of the last event that was read; 0 before the first. */
  readonly transaction: bigint;
  /** The last event read of that transaction. */
  readonly id: string;
  /** Lower than `transaction`, in ascending order. */
  readonly open: readonly OpenTransaction[];
}

export const BEGINNING: FeedPosition = { transaction: 0n, id: NO_ID, open: [] };
/** Transactions that may be open below a position; a reader waits before it goes past more. */
export const MAX_OPEN = 500;
/** Characters of a cursor, with as many open transactions as it may have. */
export const MAX_CURSOR_LENGTH = 4096;

const POSITION = /^([0-9a-z]{1,13})-([0-9a-f]{32})((?:\.[0-9a-z]{1,13}(?:-[0-9a-f]{32})?)*)$/;

/** Opaque to readers; the same position always gives the same text. */
export function encodePosition({ transaction, id, open }: FeedPosition): string {
  const parts = open.map(({ number, after }) => {
    const distance = (transaction - number).toString(36);
    return after === NO_ID ? `.${distance}` : `.${distance}-${bare(after)}`;
  });
  return `${transaction.toString(36)}-${bare(id)}${parts.join('')}`;
}

/** Throws `invalid_cursor` for a text that we did not make. */
export function decodePosition(cursor: string): FeedPosition {
  const [, transaction, id, open] = POSITION.exec(cursor) ?? [];
  if (transaction === undefined || id === undefined || open === undefined) throw invalidCursor();
  const last = numberOf(transaction);
  const parts = open.split('.').slice(1);
  if (parts.length > MAX_OPEN) throw invalidCursor();
  return { transaction: last, id: uuidOf(id), open: parts.map((part) => openOf(part, last)) };
}

export function invalidCursor(): AppError {
  const message = 'Take the cursor from the answer before, or leave it out to begin with the oldest event.';
  return new AppError('malformed', 'invalid_cursor', message);
}

function openOf(part: string, last: bigint): OpenTransaction {
  const [distance = '', id] = part.split('-');
  const number = last - numberOf(distance);
  if (number <= 0n || number >= last) throw invalidCursor();
  return { number, after: id === undefined ? NO_ID : uuidOf(id) };
}

/** PostgreSQL's largest bigint bounds what may be asked for. */
function numberOf(text: string): bigint {
  const value = Array.from(text).reduce((sum, digit) => sum * 36n + BigInt(Number.parseInt(digit, 36)), 0n);
  if (value > 9_223_372_036_854_775_807n) throw invalidCursor();
  return value;
}

function bare(uuid: string): string {
  return uuid.replaceAll('-', '');
}

function uuidOf(hex: string): string {
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
