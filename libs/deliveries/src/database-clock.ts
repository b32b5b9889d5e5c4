import { Injectable } from '@nestjs/common';

/**
 * The database's time, kept from the answers of statements that run anyway. Leases and schedules are written by that
 * clock, so a worker whose own clock is an hour off still knows how long its lease lasts.
 */
@Injectable()
export class DatabaseClock {
  private offsetMs = Date.now() - performance.now();

  /** Milliseconds since 1970 by the database's clock; errs to the late side by at most one round trip. */
  nowMs(): number {
    return performance.now() + this.offsetMs;
  }

  /** Learns from a statement that was sent at `sentAt` (performance.now()) and saw this database time. */
  learn(databaseTime: Date, sentAt: number): void {
    this.offsetMs = databaseTime.getTime() - sentAt;
  }
}
