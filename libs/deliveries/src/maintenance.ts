import { Injectable, Logger } from '@nestjs/common';
import { Database } from '#libs/database';

const EVERY_MS = 10 * 60 * 1000;
/** Partitions are made a week ahead: an instance that sleeps over the weekend still writes into the right one. */
const DAYS_AHEAD = 7;

const PARTITIONS = `
SELECT ensure_attempt_partition((now() AT TIME ZONE 'UTC')::date + days) FROM generate_series(0, ${DAYS_AHEAD}) AS days`;

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

/** One process at a time does the housekeeping; the lock is free again when its transaction ends. */
const TAKE_TURN = 'SELECT pg_try_advisory_xact_lock(4207849485) AS is_mine';

/** Housekeeping that no request waits for: partitions of the coming days, idempotency keys of the past. */
@Injectable()
export class Maintenance {
  private readonly logger = new Logger(Maintenance.name);
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();

  constructor(private readonly database: Database) {}

  start(): void {
    this.begin();
    this.timer ??= setInterval(() => this.begin(), EVERY_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    this.timer = undefined;
    await this.running;
  }

  private begin(): void {
    this.running = this.run();
  }

  private async run(): Promise<void> {
    try {
      await this.database.transaction(async (client) => {
        const [turn] = await client.query<{ is_mine: boolean }>(TAKE_TURN);
        if (turn?.is_mine !== true) return;
        await client.query(PARTITIONS);
        await client.query(OLD_KEYS);
        await client.query(OLD_CHALLENGES);
      });
    } catch (error) {
      this.logger.warn(`Housekeeping failed and is tried again in ten minutes: ${String(error)}`);
    }
  }
}
