/** How reconciliation paces itself; tests shorten the waits. */
export class ReconciliationOptions {
  /** Between the beginnings of two rounds, whichever process runs them. */
  everyMs = 10_000;
  /** A round is followed by so many times its own length of rest: it never takes more than a twentieth of a connection. */
  restFactor = 20;
  /** Younger than this is not looked at: what was just begun is committed by then. */
  lagMs = 1_000;
  /** A round looks at no further window when it has taken so long: a processor that is busy for longer is missed. */
  budgetMs = 50;
  /** Counting that takes longer is given up, well before the round's transaction would be. */
  countWithinMs = 20_000;
  /** The longest lease is over by then, so what is still on its way for the first time is stuck. */
  settledAfterMs = 60_000;
  /** What was looked at longer ago than this is looked at again when there is time. */
  againAfterMs = 10 * 60_000;
  /** More missing deliveries than this are not written again without a person who wants that. */
  maxRepairs = 1_000;
}
