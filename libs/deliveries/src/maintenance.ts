import { Injectable, Logger } from '@nestjs/common';
import { AppConfig } from '#libs/config';
import { Database } from '#libs/database';
import { AttemptPartitions, inTurn } from './log/attempt-partitions.js';
import { Reconciliation } from './reconciliation/reconciliation.js';

const EVERY_MS = 10 * 60 * 1000;

/** A repeated request gets the same answer for a day at least; keys go in batches after that. */
const OLD_KEYS = `
DELETE FROM idempotency_key WHERE (tenant_id, key) IN (
  SELECT tenant_id, key FROM idempotency_key WHERE created_at < now() - interval '48 hours' ORDER BY created_at LIMIT 10000
)`;

/** The rate limits of challenges look back an hour; a month is for whoever asks why one failed. */
const OLD_CHALLENGES = `
DELETE FROM challenge WHERE id IN (
  SELECT id FROM challenge WHERE started_at < now() - interval '30 days' LIMIT 10000
)`;

/** Who asks what was changed asks about months, seldom about years. */
const OLD_AUDIT_ENTRIES = `
DELETE FROM audit_log WHERE id IN (
  SELECT id FROM audit_log WHERE at < now() - interval '1 year' ORDER BY id LIMIT 10000
)`;

/** The overview looks back an hour. */
const OLD_TALLIES = `DELETE FROM attempt_tally WHERE minute < now() - interval '2 hours'`;

/** Who would ask again after this gets the same moment again, as those around it are gone too. */
const OLD_MOMENTS = `
DELETE FROM event_moment WHERE (subscription_id, event_id) IN (
  SELECT subscription_id, event_id FROM event_moment WHERE moment < now() - interval '90 days' LIMIT 10000
)`;

/** Housekeeping that no request waits for: partitions of the coming days; attempts, keys, challenges and tallies of the past. */
@Injectable()
export class Maintenance {
  private readonly logger = new Logger(Maintenance.name);
  private readonly stopping = new AbortController();
  private readonly attempts: AttemptPartitions;
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly config: AppConfig,
    private readonly reconciliation: Reconciliation,
  ) {
    this.attempts = new AttemptPartitions(database, this.stopping.signal);
  }

  start(): void {
    this.reconciliation.start();
    this.begin();
    this.timer ??= setInterval(() => this.begin(), EVERY_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    this.timer = undefined;
    this.stopping.abort();
    await Promise.all([this.running, this.reconciliation.stop()]);
  }

  /** A round that takes longer than the time between two is not run twice at once. */
  private begin(): void {
    this.running = this.running.then(() => this.run());
  }

  /** Each job has its own transactions, so that one that fails does not undo or prevent the others. */
  private async run(): Promise<void> {
    await this.attempt('making partitions', () => this.attempts.makeAhead());
    await this.attempt('dropping old attempts', () =>
      this.attempts.dropOlderThan(this.config.retention.attemptDays),
    );
    await this.attempt('deleting old idempotency keys', () => this.delete(OLD_KEYS));
    await this.attempt('deleting old challenges', () => this.delete(OLD_CHALLENGES));
    await this.attempt('deleting old entries of the audit log', () => this.delete(OLD_AUDIT_ENTRIES));
    await this.attempt('deleting old tallies', () => this.delete(OLD_TALLIES));
    await this.attempt('deleting old moments', () => this.delete(OLD_MOMENTS));
  }

  private async attempt(what: string, job: () => Promise<void>): Promise<void> {
    if (this.stopping.signal.aborted) return;
    try {
      await job();
    } catch (error) {
      if (this.stopping.signal.aborted) return;
      this.logger.warn(`Housekeeping (${what}) failed and is tried again in ten minutes: ${String(error)}`);
    }
  }

  private async delete(statement: string): Promise<void> {
    await inTurn(this.database, (client) => client.query(statement));
  }
}
