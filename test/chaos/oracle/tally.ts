/** What became of a case's events. */
export interface Tally {
  /** Events that were accepted: answered with 2xx, or committed to the outbox. */
  readonly accepted: number;
  /** Accepted events times the subscriptions that want them. */
  readonly expected: number;
  /** Of these, answered with 2xx by the receiver and recorded so. */
  readonly delivered: number;
  /** Neither delivered nor in a state that says what happens next. Must be 0. */
  readonly lost: number;
  /** Requests answered with 2xx beyond the first of a delivery. */
  readonly duplicated: number;
  /** Written again or made due by reconciliation. Must be 0: the path of a delivery has to mend itself. */
  readonly repaired: number;
  /** Delivered although a worker that had them never recorded anything. */
  readonly recovered: number;
}

export const EMPTY_TALLY: Tally = {
  accepted: 0,
  expected: 0,
  delivered: 0,
  lost: 0,
  duplicated: 0,
  repaired: 0,
  recovered: 0,
};

export function sumOf(tallies: readonly Tally[]): Tally {
  const sum = (key: keyof Tally): number => tallies.reduce((total, tally) => total + tally[key], 0);
  const keys = Object.keys(EMPTY_TALLY) as (keyof Tally)[];
  return Object.fromEntries(keys.map((key) => [key, sum(key)])) as unknown as Tally;
}
