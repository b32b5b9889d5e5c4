import type { Mode } from '../case.js';
import type { Tally } from '../oracle/tally.js';
import type { Peaks } from '../oracle/vitals.js';

/** What became of everything while a platform was hurt at random. */
export interface SoakResult {
  readonly mode: Mode;
  readonly seed: number;
  readonly at: string;
  readonly minutes: number;
  /** How often each was done. */
  readonly injuries: Readonly<Record<string, number>>;
  readonly kills: number;
  /** Requests that all dispatchers together may have in flight: each kill may repeat so many. */
  readonly concurrency: number;
  readonly tally: Tally;
  /** Publishing requests without a 202, which the publisher would repeat. */
  readonly notAccepted: number;
  /** Of these, such as came while nothing but RabbitMQ was hurt. */
  readonly notAcceptedForTheBroker: number;
  /** From the end of the load until nothing was left. */
  readonly drainSeconds: number;
  readonly peaks: Peaks;
  readonly faults: readonly string[];
}
