import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Database } from '#libs/database';
import { newId } from '#libs/kernel';
import { EngineMetrics } from '../engine-metrics.js';

const EVERY_MS = 1_000;

const ADD = `
INSERT INTO attempt_tally (minute, process_id, attempts, failed) VALUES (date_trunc('minute', now()), $1, $2, $3)
ON CONFLICT (minute, process_id) DO UPDATE
SET attempts = attempt_tally.attempts + EXCLUDED.attempts, failed = attempt_tally.failed + EXCLUDED.failed`;

/**
 * Writes down once a second how many attempts this process recorded, so that the numbers of the last hour need no
 * counting of rows. A process that is killed takes its last second with it: the log has the attempts all the same.
 */
@Injectable()
export class AttemptTally implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(AttemptTally.name);
  private readonly processId = newId();
  private written = { attempts: 0, failed: 0 };
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly metrics: EngineMetrics,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.begin(), EVERY_MS);
    this.timer.unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    this.begin();
    await this.writing;
  }

  private begin(): void {
    this.writing = this.writing
      .then(() => this.write())
      .catch((error: unknown) => {
        this.logger.debug(`The tally of attempts is written later: ${String(error)}`);
      });
  }

  private async write(): Promise<void> {
    const total = this.metrics.totals;
    const attempts = total.attempts - this.written.attempts;
    if (attempts === 0) return;
    await this.database.query(ADD, [this.processId, attempts, total.failed - this.written.failed]);
    this.written = total;
  }
}
