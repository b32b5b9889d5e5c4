import { type FeedPosition, MAX_OPEN, NO_ID } from './feed-cursor.js';

/** Where an event stands in the feed. */
export interface FeedPlace {
  readonly transaction: bigint;
  readonly id: string;
}

/** What one look at the database saw: places in ascending order, and which transactions had not ended by then. */
export interface FeedLook<P extends FeedPlace> {
  readonly places: readonly P[];
  /** There is nothing more to read. */
  readonly isWhole: boolean;
  /** Ascending. */
  readonly running: readonly bigint[];
}

/** What a reader at `from` gets, and where it stands then. */
export function step<P extends FeedPlace>(
  from: FeedPosition,
  look: FeedLook<P>,
): { taken: readonly P[]; position: FeedPosition } {
  const end = look.places.findIndex(({ transaction }) => passes(from, look, transaction) > MAX_OPEN);
  const taken = end === -1 ? look.places : look.places.slice(0, end);
  const isWhole = look.isWhole && end === -1;
  return { taken, position: positionAfter(from, { ...look, places: taken, isWhole }) };
}

/** How many transactions a reader would leave open behind itself if it went up to this one. */
function passes(from: FeedPosition, { running }: FeedLook<FeedPlace>, transaction: bigint): number {
  if (transaction <= from.transaction) return 0;
  return from.open.length + between(running, from.transaction, transaction).length;
}

function positionAfter(from: FeedPosition, { places, isWhole, running }: FeedLook<FeedPlace>): FeedPosition {
  const lastRead = places.at(-1)?.transaction ?? 0n;
  const reached = new Map(places.map((place) => [place.transaction, place.id]));
  const { transaction, id } = places.findLast((place) => place.transaction >= from.transaction) ?? from;
  const open = from.open
    // Late events come first and in order: of one that has ended all is read, unless the page ended before.
    .filter(({ number }) => running.includes(number) || (!isWhole && number >= lastRead))
    .map(({ number, after }) => ({ number, after: reached.get(number) ?? after }));
  const passed = between(running, from.transaction, transaction).map((number) => ({ number, after: NO_ID }));
  return { transaction, id, open: [...open, ...passed] };
}

/** The position of one who wants nothing of what is there. */
export function positionAt(last: FeedPlace, running: readonly bigint[]): FeedPosition {
  const below = between(running, 0n, last.transaction);
  const tooMany = below[MAX_OPEN];
  // Everything from there on is read again, which is better than to miss one.
  if (tooMany !== undefined) return positionAt({ transaction: tooMany, id: NO_ID }, running);
  return { ...last, open: below.map((number) => ({ number, after: NO_ID })) };
}

function between(numbers: readonly bigint[], low: bigint, high: bigint): readonly bigint[] {
  return numbers.filter((number) => number > low && number < high);
}
