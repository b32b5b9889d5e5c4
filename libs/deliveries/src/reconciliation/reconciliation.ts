import { Injectable, Logger } from '@nestjs/common';
import { AppConfig } from '#libs/config';
import { Database, type DatabaseClient } from '#libs/database';
import { RoundLoop, WakeSignal } from '#libs/kernel';
import { INDEX_NEWEST } from './look.sql.js';
import { ReconciliationMetrics } from './reconciliation-metrics.js';
import { ReconciliationOptions } from './reconciliation-options.js';
import { ReconciliationReport } from './reconciliation-report.js';
import type { ReconciliationView, ReportPage } from './reconciliation-view.js';
import {
  FIRST_REACH_MS,
  type Reach,
  ReconciliationRound,
  type RoundResult,
  SHORTEST_REACH_MS,
} from './reconciliation-round.js';

/** One round at a time, of all processes; the lock is free again when its transaction ends. */
const TAKE_TURN = 'SELECT pg_try_advisory_xact_lock(4207849486) AS is_mine';
const WAIT_FOR_TURN = 'SELECT pg_advisory_xact_lock(4207849486)';
const IS_DUE = `
SELECT ran_at IS NULL OR ran_at <= now() - $1 * interval '1 ms' AS is_due FROM reconciliation`;

/** How long a request may keep on repairing. */
const REQUEST_BUDGET_MS = 15_000;
const MAX_BACKOFF_MS = 60_000;

/** Proves over and over that everything accepted has its delivery and that each delivery will end, and repairs what does not. */
@Injectable()
export class Reconciliation {
  private readonly logger = new Logger(Reconciliation.name);
  private readonly loop: RoundLoop;
  private readonly reach: Reach = { ms: FIRST_REACH_MS };
  private failures = 0;
  private isBehind = false;
  private isCounting = true;

  constructor(
    private readonly database: Database,
    private readonly config: AppConfig,
    private readonly options: ReconciliationOptions,
    private readonly metrics: ReconciliationMetrics,
    private readonly reporting: ReconciliationReport,
  ) {
    this.loop = new RoundLoop(new WakeSignal(), () => this.round());
  }

  /** Rounds from now on, in this process or in another one that has started too. */
  start(): void {
    this.metrics.show();
    this.loop.start();
  }

  /** Resolves when the round under way has ended. */
  stop(): Promise<void> {
    return this.loop.stop();
  }

  /** What the rounds have found so far; reading it counts nothing. */
  report(page: ReportPage): Promise<ReconciliationView> {
    return this.reporting.read(page);
  }

  /** Runs a round now and repairs all that can be, however much it is. */
  async repairNow(keyId: string): Promise<void> {
    this.logger.log(`Reconciliation and repair were asked for with the API key ${keyId}.`);
    await this.database.query(INDEX_NEWEST);
    const { repaired } = await this.database.transaction(async (tx) => {
      await tx.query(WAIT_FOR_TURN);
      return this.run(tx, true);
    });
    this.logger.log(`The repair that was asked for with the API key ${keyId} wrote ${repaired.length} rows.`);
  }

  private async round(): Promise<number> {
    const startedAt = performance.now();
    try {
      const result = await this.runInTurn();
      await this.metrics.refresh(result);
      this.failures = 0;
      this.isBehind = result !== undefined && !result.isCaughtUp;
      const restMs = this.options.restFactor * (performance.now() - startedAt);
      return this.isBehind ? restMs : Math.max(this.options.everyMs, restMs);
    } catch (error) {
      this.failures += 1;
      // If it was too much for one statement, the next one reads less.
      this.reach.ms = Math.max(SHORTEST_REACH_MS, this.reach.ms / 4);
      if (this.failures === 1) this.logger.warn(`Reconciliation pauses and tries again: ${String(error)}`);
      return Math.min(this.options.everyMs * this.failures, MAX_BACKOFF_MS);
    }
  }

  /** Undefined if another process has the turn or has had it a moment ago. */
  private async runInTurn(): Promise<RoundResult | undefined> {
    if (!(await this.isDue(this.database))) return undefined;
    await this.database.query(INDEX_NEWEST);
    return this.database.transaction(async (tx) => {
      const [turn] = await tx.query<{ is_mine: boolean }>(TAKE_TURN);
      return turn?.is_mine === true && (await this.isDue(tx)) ? this.run(tx, false) : undefined;
    });
  }

  /** Whoever is behind goes on after its rest; all others leave the turn to it. */
  private async isDue(client: DatabaseClient): Promise<boolean> {
    const afterMs = this.isBehind ? 0 : this.options.everyMs / 2;
    const [state] = await client.query<{ is_due: boolean }>(IS_DUE, [afterMs]);
    return state?.is_due === true;
  }

  private async run(tx: DatabaseClient, isRequested: boolean): Promise<RoundResult> {
    const budgetMs = isRequested ? REQUEST_BUDGET_MS : this.options.budgetMs;
    const { attemptDays: retentionDays } = this.config.retention;
    const settings = { options: this.options, budgetMs, isRequested, retentionDays };
    const result = await new ReconciliationRound(tx, settings, this.reach).run();
    this.noteCounting(result);
    for (const { kind, eventId, subscriptionId, deliveryId } of result.repaired) {
      this.logger.warn(
        `Repaired ${kind}: event ${eventId}, subscription ${subscriptionId}, delivery ${deliveryId ?? 'new'}.`,
      );
    }
    return result;
  }

  private noteCounting({ isCounted }: RoundResult): void {
    if (this.isCounting && !isCounted) {
      this.logger.warn(
        'Counting what is pending takes too long: reconciliation repairs, but its numbers are of an earlier round. ' +
          'Has the table delivery been vacuumed?',
      );
    }
    this.isCounting = isCounted;
  }
}
