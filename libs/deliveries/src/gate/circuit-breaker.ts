import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { arrayOf, columnOf, Database, type PreparedStatement } from '#libs/database';
import { EngineMetrics } from '../engine-metrics.js';
import { FailureStreaks } from './failure-streaks.js';
import { CLOSE, OPEN, REOPEN } from './gate.sql.js';
import { Gates, type OnGatesMoved } from './gates.js';

/** An attempt that a receiver did not take. */
export interface FailedAttempt {
  readonly subscriptionId: string;
  readonly url: string;
  /** It was the one delivery that a half-open circuit lets through. */
  readonly isProbe: boolean;
}

/**
 * Watches attempts fail and succeed, and opens and closes circuits for all processes. Each process counts for itself;
 * whoever sees enough writes. Nothing waits for it: what is not written is seen again at the next attempt.
 */
@Injectable()
export class CircuitBreaker implements OnModuleDestroy {
  private readonly logger = new Logger(CircuitBreaker.name);
  private readonly streaks = new FailureStreaks();
  private readonly toOpen = new Map<string, string>();
  private readonly toReopen = new Set<string>();
  private readonly toClose = new Set<string>();
  private writing: Promise<void> | null = null;

  constructor(
    private readonly database: Database,
    private readonly gates: Gates,
    private readonly metrics: EngineMetrics,
  ) {
    gates.onMoved((_opened, closed) => closed.forEach((id) => this.streaks.ended(id)));
  }

  async onModuleDestroy(): Promise<void> {
    await this.writing;
  }

  /** Whether nothing but a probe may be sent to this subscription. */
  isOpen(subscriptionId: string): boolean {
    return this.gates.isOpen(subscriptionId);
  }

  /** Calls `listener` whenever circuits opened or closed, here or in another process. */
  onMoved(listener: OnGatesMoved): void {
    this.gates.onMoved(listener);
  }

  /** Counts deliveries that a dispatcher gives back without an attempt because of an open circuit. */
  deferred(deliveries: number): void {
    this.metrics.deferred(deliveries);
  }

  /** Ends the streak of failures, and closes the circuit. A lookup or two for a receiver that is well. */
  succeeded(subscriptionId: string): void {
    this.streaks.ended(subscriptionId);
    if (!this.gates.isOpen(subscriptionId)) return;
    this.toClose.add(subscriptionId);
    this.write();
  }

  /** Counts the failure; opens the circuit if it was one too many, and keeps it open after a probe. */
  failed({ subscriptionId, url, isProbe }: FailedAttempt): void {
    const isEnough = this.streaks.failed(subscriptionId, url);
    if (isProbe) {
      this.toReopen.add(subscriptionId);
    } else if (isEnough && !this.gates.isOpen(subscriptionId)) {
      this.toOpen.set(subscriptionId, url);
      // At once: until PostgreSQL has answered, a quick receiver could be sent many more.
      this.gates.assumeOpen(subscriptionId);
    } else return;
    this.write();
  }

  /** Closes a circuit at once because somebody says so; resolves when it is done. */
  async close(subscriptionId: string): Promise<void> {
    await this.database.query(CLOSE, [arrayOf('uuid', [subscriptionId])]);
    this.streaks.ended(subscriptionId);
  }

  /** One writer at a time: what comes meanwhile goes with its next round, one statement for all. */
  private write(): void {
    this.writing ??= this.writeAll().finally(() => {
      this.writing = null;
    });
  }

  private async writeAll(): Promise<void> {
    while (this.toClose.size + this.toReopen.size + this.toOpen.size > 0) {
      const [open, reopen, close] = [[...this.toOpen], [...this.toReopen], [...this.toClose]];
      this.toOpen.clear();
      this.toReopen.clear();
      this.toClose.clear();
      await this.run(REOPEN, [arrayOf('uuid', reopen)], reopen.length);
      await this.run(CLOSE, [arrayOf('uuid', close)], close.length);
      if (open.length > 0) await this.open(open);
    }
  }

  private async open(failing: readonly (readonly [id: string, url: string])[]): Promise<void> {
    const ids = failing.map(([id]) => id);
    const urls = columnOf('text', failing, ([, url]) => url);
    const opened = await this.run(OPEN, [arrayOf('uuid', ids), urls], ids.length);
    this.metrics.circuitsOpened(opened.length);
    for (const id of opened) this.logger.warn(`Subscription ${id} fails; its deliveries wait for a probe.`);
    await this.gates.confirm(ids).catch((error: unknown) => this.logger.warn(String(error)));
  }

  private async run(statement: PreparedStatement, values: Buffer[], count: number): Promise<string[]> {
    if (count === 0) return [];
    try {
      const rows = await this.database.query<{ subscription_id: string }>(statement, values);
      return rows.map(({ subscription_id }) => subscription_id);
    } catch (error) {
      this.logger.warn(`A circuit's state cannot be written now: ${String(error)}`);
      return [];
    }
  }
}
