import { columnOf, type DatabaseClient } from '#libs/database';
import { type Difference, DIFFERENCE_KINDS, type DifferenceCounts } from './difference-kind.js';
import { LOOK } from './look.sql.js';
import { OLD_TALLY, SAVE_DIFFERENCES, SAVE_TALLIES, SAVE_WINDOW } from './window.sql.js';

/** A stretch of acceptance time, to the millisecond; its end is not in it. */
export interface Window {
  readonly startedAt: Date;
  readonly endedAt: Date;
}

interface Tally {
  readonly tenantId: string;
  readonly subscriptionId: string;
  readonly accepted: number;
  readonly found: number;
}

/** What one look at a window saw. */
export interface Look {
  readonly tallies: readonly Tally[];
  readonly counts: DifferenceCounts;
  /** The first of each kind. */
  readonly named: readonly Difference[];
}

interface OldTally {
  readonly tenant_id: string;
  readonly subscription_id: string;
  readonly accepted: number;
  readonly found: number;
}

/** Looks at a window, at its attempts too or not, and writes down what it saw in place of what was seen before. */
export async function lookAt(tx: DatabaseClient, window: Window, hasAttempts: boolean): Promise<Look> {
  const { startedAt, endedAt } = window;
  const [look] = await tx.query<Look>(LOOK, [startedAt, endedAt, hasAttempts]);
  if (look === undefined) throw new Error('the look at a window gave no answer');
  await saveTallies(tx, startedAt, look.tallies);
  await saveDifferences(tx, { windowStartedAt: startedAt, named: look.named });
  await tx.query(SAVE_WINDOW, [startedAt, endedAt, acceptedIn(look), look.counts]);
  return look;
}

/** Names what is wrong in a window, or of one kind if it belongs to none; what is not named any more is over. */
export async function saveDifferences(tx: DatabaseClient, found: FoundDifferences): Promise<void> {
  const { named, windowStartedAt, kinds = DIFFERENCE_KINDS } = found;
  await tx.query(SAVE_DIFFERENCES, [
    windowStartedAt,
    kinds,
    columnOf('text', named, ({ kind }) => kind),
    columnOf('uuid', named, ({ tenantId }) => tenantId),
    columnOf('uuid', named, ({ eventId }) => eventId),
    columnOf('uuid', named, ({ subscriptionId }) => subscriptionId),
    columnOf('uuid', named, ({ deliveryId }) => deliveryId),
  ]);
}

interface FoundDifferences {
  readonly windowStartedAt: Date | null;
  readonly named: readonly Difference[];
  readonly kinds?: readonly Difference['kind'][];
}

/** How many deliveries were accepted in a window. */
export function acceptedIn({ tallies }: Look): number {
  return tallies.reduce((sum, { accepted }) => sum + accepted, 0);
}

/** How many rows a look has read. */
export function rowsIn({ tallies }: Look): number {
  return tallies.reduce((sum, { accepted, found }) => sum + Math.max(accepted, found), 0);
}

async function saveTallies(tx: DatabaseClient, startedAt: Date, tallies: readonly Tally[]): Promise<void> {
  const old = await tx.query<OldTally>(OLD_TALLY, [startedAt]);
  const changed = changes(tallies, old);
  if (changed.length === 0) return;
  const ids = (of: (change: Change) => string): Buffer => columnOf('uuid', changed, of);
  const numbers = (of: (change: Change) => number): Buffer => columnOf('int', changed, of);
  await tx.query(SAVE_TALLIES, [
    startedAt,
    ids(({ tenantId }) => tenantId),
    ids(({ subscriptionId }) => subscriptionId),
    numbers(({ accepted }) => accepted),
    numbers(({ found }) => found),
    numbers(({ moreAccepted }) => moreAccepted),
    numbers(({ moreFound }) => moreFound),
  ]);
}

interface Change extends Tally {
  readonly moreAccepted: number;
  readonly moreFound: number;
}

/** What differs from the tallies before; one whose rows are all gone becomes nothing. */
function changes(tallies: readonly Tally[], old: readonly OldTally[]): Change[] {
  const before = new Map(old.map((row) => [keyOf(row.tenant_id, row.subscription_id), row]));
  const now = tallies.map((tally) => {
    const key = keyOf(tally.tenantId, tally.subscriptionId);
    const was = before.get(key);
    before.delete(key);
    return change(tally, was);
  });
  const gone = [...before.values()].map((was) =>
    change({ tenantId: was.tenant_id, subscriptionId: was.subscription_id, accepted: 0, found: 0 }, was),
  );
  return [...now, ...gone].filter(({ moreAccepted, moreFound }) => moreAccepted !== 0 || moreFound !== 0);
}

function change(tally: Tally, was: OldTally | undefined): Change {
  return {
    ...tally,
    moreAccepted: tally.accepted - (was?.accepted ?? 0),
    moreFound: tally.found - (was?.found ?? 0),
  };
}

function keyOf(tenantId: string, subscriptionId: string): string {
  return `${tenantId} ${subscriptionId}`;
}
