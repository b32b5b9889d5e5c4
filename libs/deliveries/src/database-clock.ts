import { Injectable, Logger } from '@nestjs/common';
import { EngineMetrics } from './engine-metrics.js';

/** Receivers refuse a signature whose time is further off than some minutes. */
const ALARMING_MS = 60_000;

/**
 * The database's time, kept from the answers of statements that run anyway. Leases and schedules are written by that
 * clock, so a worker whose own clock is an hour off still knows how long its lease lasts. It signs by its own clock,
 * though, and says so in the log and in a metric when the two differ too much for receivers to bear.
 */
@Injectable()
export class DatabaseClock {
  private readonly logger = new Logger(DatabaseClock.name);
  private offsetMs = Date.now() - performance.now();
  private isAlarmed = false;

  constructor(metrics: EngineMetrics) {
    metrics.watchClock(this);
  }

  /** Milliseconds since 1970 by the database's clock; errs to the late side by at most one round trip. */
  nowMs(): number {
    return performance.now() + this.offsetMs;
  }

  /** How far the clock of this process is ahead of the database's. */
  get ownAheadMs(): number {
    return Date.now() - this.nowMs();
  }

  /** Learns from a statement that was sent at `sentAt` (performance.now()) and saw this database time. */
  learn(databaseTime: Date, sentAt: number): void {
    this.offsetMs = databaseTime.getTime() - sentAt;
    const seconds = Math.round(this.ownAheadMs / 1000);
    const isFarOff = Math.abs(seconds) * 1000 > ALARMING_MS;
    if (isFarOff && !this.isAlarmed) {
      this.logger.error(
        `The clock of this machine is ${Math.abs(seconds)} s ${seconds > 0 ? 'ahead of' : 'behind'} PostgreSQL's: ` +
          'receivers refuse signatures with such a time.',
      );
    }
    this.isAlarmed = isFarOff;
  }
}
