import { toTypeId } from '#libs/kernel';
import type { Book } from './book.js';
import type { DeliveryEvidence, Evidence, Seen, Wish } from './evidence.js';
import type { Tally } from './tally.js';

/** What a case may leave behind; everything that is not said must be as if nothing had happened. */
export interface Rules {
  /** Requests beyond the attempts in the log: those in flight at a kill. 0 if it is not said. */
  readonly extraAtMost?: number;
  /** Answered with 2xx more than once; as many as `extraAtMost` if it is not said. */
  readonly duplicatesAtMost?: number;
  /** States beside `delivered` in which deliveries may end. */
  readonly mayRemain?: readonly DeliveryEvidence['status'][];
  /** Requests whose signature need not verify, for example of a secret that was rotated away. */
  readonly unverifiedAtMost?: number;
  /** How long everything may take to come to its end; 30 s. */
  readonly withinMs?: number;
}

export interface Judgement {
  readonly tally: Tally;
  /** Broken invariants in words, each with the number that FAULTS gives it. */
  readonly faults: readonly string[];
  /** Some deliveries are still on their way: worth another look. */
  readonly isOpen: boolean;
}

/** A lease that is over must be found within this. */
const STUCK_AFTER_SECONDS = 5;
const SHOWN = 3;

interface Case {
  readonly book: Book;
  readonly wishes: readonly Wish[];
  readonly evidence: Evidence;
  readonly rules: Rules;
}

/** Holds what happened against I1 to I5 and I9; the other invariants are measured where they are at stake. */
export function judge(one: Case): Judgement {
  const events = liveEvents(one);
  const expected = events.size === 0 ? [] : expectedPairs(one, events);
  const rows = new Map(one.evidence.deliveries.map((row) => [keyOf(row.event_id, row.subscription_id), row]));
  const { mayRemain = [] } = one.rules;
  const isFinished = (row: DeliveryEvidence): boolean =>
    row.status === 'delivered' || mayRemain.includes(row.status);
  const open = expected.filter(({ key }) => !isFinished(rows.get(key) ?? PENDING));
  const counts = countRequests(one);
  const faults = [
    ...durability(one),
    ...oneRowEach(one, expected, rows),
    ...visibleEnds(one, open, rows),
    ...repairs(one),
    ...requestCounts(one, counts),
    ...strangers(one, events),
    ...sameAndSigned(one),
  ];
  return {
    tally: tallyOf(one, expected, counts),
    faults,
    isOpen: open.length > 0 || one.evidence.inOutbox.size > 0,
  };
}

const PENDING = { status: 'pending' } as DeliveryEvidence;

interface Pair {
  readonly key: string;
  readonly eventId: string;
  readonly subscriptionId: string;
}

interface Counts {
  readonly extra: number;
  readonly duplicated: number;
  readonly delivered: number;
}

/** Accepted ones, and those whose answer was lost and that turned out to be there. */
function liveEvents({ book, evidence }: Case): Map<string, string> {
  const found = [...book.unknown].filter(([id]) => evidence.events.has(id));
  return new Map([...book.accepted, ...found]);
}

function expectedPairs({ wishes }: Case, events: ReadonlyMap<string, string>): Pair[] {
  return [...events].flatMap(([eventId, type]) =>
    wishes
      .filter((wish) => wish.type === type)
      .map(({ subscriptionId }) => ({ key: keyOf(eventId, subscriptionId), eventId, subscriptionId })),
  );
}

/** I9: what was answered with 2xx is there. */
function durability({ book, evidence }: Case): string[] {
  const gone = [...book.accepted.keys()].filter((id) => !evidence.events.has(id));
  return fault('I9', gone, 'accepted and not in the database');
}

/** I1: one row for each accepted event and each subscription that wants it, once it has left the outbox. */
function oneRowEach(
  { evidence }: Case,
  expected: readonly Pair[],
  rows: ReadonlyMap<string, unknown>,
): string[] {
  const missing = expected.filter(({ key, eventId }) => !rows.has(key) && !evidence.inOutbox.has(eventId));
  const names = missing.map(({ eventId }) => eventId);
  const wanted = new Set(expected.map(({ key }) => key));
  const surplus = [...rows.keys()].filter((key) => !wanted.has(key));
  return [
    ...fault('I1', names, 'accepted and without a delivery'),
    ...fault('I1', surplus, 'a delivery that nobody asked for'),
  ];
}

/** I2: delivered means that the receiver said so; what is not delivered has a state that is not overdue. */
function visibleEnds(
  one: Case,
  open: readonly Pair[],
  rows: ReadonlyMap<string, DeliveryEvidence>,
): string[] {
  const claims = one.evidence.deliveries.filter(
    (row) => row.status === 'delivered' && (seenOf(one, row)?.successes ?? 0) === 0,
  );
  const stuck = open.flatMap(({ key }) => rows.get(key) ?? []).filter(isStuck);
  const unfinished = open.map(({ key, eventId }) => `${eventId} (${describe(rows.get(key))})`);
  return [
    ...fault('I2', idsOf(claims), 'recorded as delivered, and the receiver never said so'),
    ...fault('I2', idsOf(stuck), `stuck: overdue by more than ${STUCK_AFTER_SECONDS} s`),
    ...fault('I2', unfinished, 'not delivered in time'),
  ];
}

/** I2: reconciliation is there for what nobody thought of; a fault of the catalogue that needs it has lost a delivery. */
function repairs({ evidence: { repaired } }: Case): string[] {
  const kinds = [...new Set(repaired.map(({ kind }) => kind))].join(', ');
  return fault('I2', idsOf(repaired), `lost until reconciliation repaired it (${kinds})`);
}

/** I3: no more requests than the log has, and than what was in flight at the kills. */
function requestCounts({ rules }: Case, { extra, duplicated }: Counts): string[] {
  const { extraAtMost = 0, duplicatesAtMost = extraAtMost } = rules;
  const faults: string[] = [];
  if (extra > extraAtMost) faults.push(`I3: ${extra} requests beyond the log, allowed are ${extraAtMost}`);
  if (duplicated > duplicatesAtMost) {
    faults.push(`I3: ${duplicated} delivered more than once, allowed are ${duplicatesAtMost}`);
  }
  return faults;
}

/** I3 and I4: nobody gets an id that is not of an accepted event; a rolled back one arrives nowhere. */
function strangers({ evidence, book }: Case, events: ReadonlyMap<string, string>): string[] {
  const ids = new Set([...events.keys()].map((id) => toTypeId('evt', id)));
  const came = [...evidence.seen.values()].flatMap((seen) => [...seen.keys()]);
  const refused = new Set([...book.refused.keys()].map((id) => toTypeId('evt', id)));
  const undone = came.filter((id) => refused.has(id) && !ids.has(id));
  const unknown = came.filter((id) => !ids.has(id) && !refused.has(id));
  return [
    ...fault('I4', undone, 'refused or rolled back, and sent nevertheless'),
    ...fault('I3', unknown, 'sent under an id that no event has'),
  ];
}

/** I5, and of I3: every request is signed, and an id always says the same. */
function sameAndSigned({ evidence, rules }: Case): string[] {
  const all = [...evidence.seen.values()].flatMap((seen) => [...seen]);
  const changed = all.filter(([, { digests }]) => digests.size > 1).map(([id]) => id);
  const unverified = all.filter(([, { isVerified }]) => !isVerified).map(([id]) => id);
  const isAllowed = unverified.length <= (rules.unverifiedAtMost ?? 0);
  return [
    ...fault('I3', changed, 'sent with different bodies under one id'),
    ...(isAllowed ? [] : fault('I5', unverified, 'sent with a signature that does not verify')),
  ];
}

function countRequests(one: Case): Counts {
  let extra = 0;
  let duplicated = 0;
  let delivered = 0;
  for (const row of one.evidence.deliveries) {
    const { requests = 0, successes = 0 } = seenOf(one, row) ?? {};
    extra += Math.max(0, requests - row.attempts);
    duplicated += Math.max(0, successes - 1);
    if (successes > 0 && row.status === 'delivered') delivered += 1;
  }
  return { extra, duplicated, delivered };
}

function tallyOf(one: Case, expected: readonly Pair[], { delivered, duplicated }: Counts): Tally {
  const rows = new Map(one.evidence.deliveries.map((row) => [keyOf(row.event_id, row.subscription_id), row]));
  const isLost = ({ key, eventId }: Pair): boolean => {
    const row = rows.get(key);
    if (row === undefined) return !one.evidence.inOutbox.has(eventId);
    if (row.status === 'delivered') return (seenOf(one, row)?.successes ?? 0) === 0;
    return row.status === 'pending' && isStuck(row);
  };
  return {
    accepted: liveEvents(one).size,
    expected: expected.length,
    delivered,
    lost: expected.filter(isLost).length,
    duplicated,
    repaired: one.evidence.repaired.length,
    recovered: one.evidence.deliveries.filter((row) => wasRecovered(row, seenOf(one, row))).length,
  };
}

/** Every claim raises the fence: one that left no attempt ended with its worker, or was given back. */
function wasRecovered({ status, fence, attempts }: DeliveryEvidence, seen: Seen | undefined): boolean {
  return status === 'delivered' && (fence > attempts || (seen?.requests ?? 0) > attempts);
}

function isStuck({ status, lease_in, due_in }: DeliveryEvidence): boolean {
  const waitsFor = Math.max(lease_in ?? -Infinity, due_in ?? -Infinity);
  return status === 'pending' && waitsFor < -STUCK_AFTER_SECONDS;
}

function seenOf({ evidence }: Case, row: DeliveryEvidence): Seen | undefined {
  return evidence.seen.get(row.subscription_id)?.get(toTypeId('evt', row.event_id));
}

const keyOf = (eventId: string, subscriptionId: string): string => `${eventId} ${subscriptionId}`;
const idsOf = (rows: readonly Pick<DeliveryEvidence, 'event_id'>[]): string[] =>
  rows.map(({ event_id }) => event_id);

function describe(row: DeliveryEvidence | undefined): string {
  if (row === undefined) return 'no delivery yet';
  const { status, attempts, fence, lease_in, due_in } = row;
  return `${status}, ${attempts} attempts, fence ${fence}, leased for ${lease_in} s, due in ${due_in} s`;
}

function fault(invariant: string, ids: readonly string[], what: string): string[] {
  if (ids.length === 0) return [];
  const more = ids.length > SHOWN ? ', …' : '';
  return [`${invariant}: ${ids.length} ${what}: ${ids.slice(0, SHOWN).join(', ')}${more}`];
}
