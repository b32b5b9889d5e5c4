import { type DatabaseClient, isCancelled } from '#libs/database';
import { outboxSchemas } from '#libs/outbox';
import { type Difference, type DifferenceKind, NO_SUBSCRIPTION, REPAIRED_KINDS } from './difference-kind.js';
import { acceptedIn, type Look, lookAt, rowsIn, saveDifferences, type Window } from './look.js';
import { BY_INDEX, LOG_BEGINS } from './look.sql.js';
import type { ReconciliationOptions } from './reconciliation-options.js';
import { repair } from './repair.js';
import { FORGET_REPAIRED } from './repair.sql.js';
import { COUNT_STATES, COUNT_WITHIN, HELD, waitingInOutbox } from './states.sql.js';
import { BOUNDARY, LAST_WINDOW, MISSING, NEXT_WINDOWS, SAVE_STATE, STATE } from './window.sql.js';

/** A window takes in what is accepted until it has so many deliveries, then the next one begins. */
const FULL_WINDOW = 2_500;
/** What one look adds to a window at most, as far as the rate of the last one tells: some 40 ms of a processor. */
const LARGE_LOOK = 2 * FULL_WINDOW;
const LONGEST_WINDOW_MS = 24 * 3_600_000;
/** What a platform accepts in one second is few enough for a look, or the looks after the first one are shorter. */
export const FIRST_REACH_MS = 1_000;
export const SHORTEST_REACH_MS = 100;

export interface RoundSettings {
  readonly options: ReconciliationOptions;
  readonly budgetMs: number;
  /** Also writes what is missing if it is a great deal: somebody has asked for it. */
  readonly isRequested: boolean;
  readonly retentionDays: number;
}

/** How far the next window may reach, so that a look reads some thousand rows after a pause as well. */
export interface Reach {
  ms: number;
}

export interface RoundResult {
  readonly rowsChecked: number;
  readonly repaired: readonly Difference[];
  /** Whether everything accepted until now was looked at. */
  readonly isCaughtUp: boolean;
  /** Whether the numbers are of this round, else of an earlier one: counting took too long. */
  readonly isCounted: boolean;
}

interface WindowRow {
  readonly started_at: Date;
  readonly ended_at: Date;
  readonly accepted: number;
}

interface DifferenceRow {
  readonly kind: DifferenceKind;
  readonly tenant_id: string;
  readonly event_id: string;
  readonly subscription_id: string;
  readonly delivery_id: string | null;
}

/** One round of reconciliation, inside one transaction: looks, repairs what it may, and counts. */
export class ReconciliationRound {
  private readonly startedAt = performance.now();
  private readonly repaired: Difference[] = [];
  private rowsChecked = 0;
  private logBegins: Date | null = null;
  /** What was accepted before has no lease of its first attempt any more. */
  private settledUntil = new Date(0);

  constructor(
    private readonly tx: DatabaseClient,
    private readonly settings: RoundSettings,
    private readonly reach: Reach,
  ) {}

  async run(): Promise<RoundResult> {
    await this.tx.query(BY_INDEX);
    const [log] = await this.tx.query<{ begins: Date | null }>(LOG_BEGINS, [this.settings.retentionDays]);
    this.logBegins = log?.begins ?? null;
    const { checkedUntil, isCaughtUp } = await this.follow();
    await this.lookAgain();
    await this.lookForHeld();
    await this.lookIntoOutboxes();
    const isCounted = await this.count(checkedUntil);
    await this.tx.query(FORGET_REPAIRED);
    const durationMs = Math.round(performance.now() - this.startedAt);
    await this.tx.query(SAVE_STATE, [checkedUntil, durationMs, this.rowsChecked, isCounted]);
    return { rowsChecked: this.rowsChecked, repaired: this.repaired, isCaughtUp, isCounted };
  }

  /** Looks at what was accepted since the last round. A window that is not full yet is looked at as a whole again. */
  private async follow(): Promise<{ checkedUntil: Date; isCaughtUp: boolean }> {
    const [state] = await this.tx.query<{ checked_until: Date }>(STATE);
    const { lagMs, settledAfterMs } = this.settings.options;
    const [end] = await this.tx.query<{ now: Date; boundary: Date }>(BOUNDARY, [lagMs]);
    if (state === undefined || end === undefined) throw new Error('the table reconciliation is empty');
    this.settledUntil = new Date(end.now.getTime() - settledAfterMs);
    let until = state.checked_until;
    let [last] = await this.tx.query<WindowRow>(LAST_WINDOW);
    do {
      if (until >= end.boundary) break;
      const startedAt = last !== undefined && canGrow(last, until) ? last.started_at : until;
      const endedAt = new Date(Math.min(end.boundary.getTime(), until.getTime() + this.reach.ms));
      const look = await this.look({ startedAt, endedAt });
      this.adapt(rowsIn(look), endedAt.getTime() - until.getTime());
      last = { started_at: startedAt, ended_at: endedAt, accepted: acceptedIn(look) };
      until = endedAt;
    } while (this.hasTime());
    const isCaughtUp = until >= end.boundary;
    // It grows over idle hours while catching up; the next pause may be of busy ones. What was too much stays too much.
    if (isCaughtUp) this.reach.ms = Math.min(this.reach.ms, FIRST_REACH_MS);
    return { checkedUntil: until, isCaughtUp };
  }

  /** A look that ended at what can be looked at yet, before its reach did, tells nothing of the rate. */
  private adapt(rows: number, lookedAtMs: number): void {
    if (rows > LARGE_LOOK) this.reach.ms = Math.max(SHORTEST_REACH_MS, this.reach.ms / 2);
    else if (rows < FULL_WINDOW && lookedAtMs >= this.reach.ms)
      this.reach.ms = Math.min(LONGEST_WINDOW_MS, this.reach.ms * 2);
  }

  private async lookAgain(): Promise<void> {
    const { settledAfterMs, againAfterMs } = this.settings.options;
    const windows = await this.tx.query<WindowRow>(NEXT_WINDOWS, [settledAfterMs, againAfterMs]);
    for (const { started_at, ended_at } of windows) {
      await this.look({ startedAt: started_at, endedAt: ended_at });
      if (!this.hasTime()) return;
    }
  }

  /** Looks, repairs what may be repaired, and looks again until there is nothing more of it. */
  private async look(window: Window): Promise<Look> {
    for (;;) {
      const look = await lookAt(this.tx, window, this.hasAttempts(window));
      this.rowsChecked += rowsIn(look);
      const repairable = await this.repairable(look.named);
      if (repairable.length === 0) return look;
      await this.repair(repairable);
    }
  }

  /** Whether its attempts are to be looked for: a third of the work, and while they are being made it proves little. */
  private hasAttempts({ startedAt, endedAt }: Window): boolean {
    return this.logBegins !== null && startedAt >= this.logBegins && endedAt <= this.settledUntil;
  }

  /** A few missing deliveries are a fault of ours; very many look like somebody's decision, or a restored backup. */
  private async repairable(named: readonly Difference[]): Promise<Difference[]> {
    const known = new Set(this.repaired.map(keyOf));
    const wanted = named.filter(
      (difference) => REPAIRED_KINDS.includes(difference.kind) && !known.has(keyOf(difference)),
    );
    if (this.settings.isRequested || !wanted.some(({ kind }) => kind === 'delivery_missing')) return wanted;
    const [row] = await this.tx.query<{ missing: number }>(MISSING);
    if ((row?.missing ?? 0) <= this.settings.options.maxRepairs) return wanted;
    return wanted.filter(({ kind }) => kind !== 'delivery_missing');
  }

  private async repair(differences: readonly Difference[]): Promise<void> {
    await repair(this.tx, differences);
    this.repaired.push(...differences);
  }

  private async lookForHeld(): Promise<void> {
    const held = (await this.tx.query<DifferenceRow>(HELD)).map(toDifference);
    await saveDifferences(this.tx, { windowStartedAt: null, named: held, kinds: ['delivery_held'] });
    if (held.length > 0) await this.repair(held);
  }

  private async lookIntoOutboxes(): Promise<void> {
    const waiting: Difference[] = [];
    for (const schema of outboxSchemas) {
      const rows = await this.tx.query<DifferenceRow>(waitingInOutbox(schema), [NO_SUBSCRIPTION]);
      waiting.push(...rows.map(toDifference));
    }
    await saveDifferences(this.tx, { windowStartedAt: null, named: waiting, kinds: ['outbox_waiting'] });
  }

  /** What was repaired must not be lost because there is too much to count: the numbers stay what they were then. */
  private async count(until: Date): Promise<boolean> {
    await this.tx.query('SAVEPOINT counting');
    try {
      await this.tx.query(COUNT_WITHIN, [this.settings.options.countWithinMs]);
      await this.tx.query(COUNT_STATES, [until]);
      return true;
    } catch (error) {
      if (!isCancelled(error)) throw error;
      await this.tx.query('ROLLBACK TO SAVEPOINT counting');
      return false;
    }
  }

  private hasTime(): boolean {
    return performance.now() - this.startedAt < this.settings.budgetMs;
  }
}

function canGrow(last: WindowRow, until: Date): boolean {
  const isOpen = last.ended_at.getTime() === until.getTime() && last.accepted < FULL_WINDOW;
  return isOpen && until.getTime() - last.started_at.getTime() < LONGEST_WINDOW_MS;
}

function keyOf({ kind, eventId, subscriptionId }: Difference): string {
  return `${kind} ${eventId} ${subscriptionId}`;
}

function toDifference(row: DifferenceRow): Difference {
  return {
    kind: row.kind,
    tenantId: row.tenant_id,
    eventId: row.event_id,
    subscriptionId: row.subscription_id,
    deliveryId: row.delivery_id,
  };
}
