import { Injectable } from '@nestjs/common';
import { MetricsRegistry } from '#libs/observability';
import { DIFFERENCE_KINDS } from './difference-kind.js';
import { ReconciliationReport } from './reconciliation-report.js';
import type { RoundResult } from './reconciliation-round.js';

type Shown = ReturnType<MetricsRegistry['gauge']>;

/** What reconciliation shows of itself: the same in every process that runs it, whoever had the last turn. */
@Injectable()
export class ReconciliationMetrics {
  private lastRunAt: number | undefined;
  private countedUntil: number | undefined;

  constructor(
    private readonly registry: MetricsRegistry,
    private readonly report: ReconciliationReport,
  ) {}

  /** From now on they are in the metrics of this process. */
  show(): void {
    const ageOf = (at: number | undefined): number =>
      at === undefined ? 0 : (performance.now() - at) / 1000;
    const ran: Shown = this.registry.gauge({
      name: 'bellhop_reconciliation_age_seconds',
      help: 'Seconds since the last round of reconciliation ended.',
      collect: () => ran.set(ageOf(this.lastRunAt)),
    });
    const lag: Shown = this.registry.gauge({
      name: 'bellhop_reconciliation_lag_seconds',
      help: 'Age of the oldest accepted event that may not be in the numbers of reconciliation.',
      collect: () => lag.set(ageOf(this.countedUntil)),
    });
    for (const kind of DIFFERENCE_KINDS) this.differences().set({ kind }, 0);
    this.rows().inc(0);
  }

  /** Takes over what is known in PostgreSQL now, and counts the round if it was run here. */
  async refresh(result: RoundResult | undefined): Promise<void> {
    if (result !== undefined) {
      this.rows().inc(result.rowsChecked);
      for (const { kind } of result.repaired) this.repaired().inc({ kind });
    }
    const { counts, ranSecondsAgo, lagSeconds } = await this.report.summary();
    for (const kind of DIFFERENCE_KINDS) this.differences().set({ kind }, counts[kind] ?? 0);
    const now = performance.now();
    this.lastRunAt = ranSecondsAgo === null ? undefined : now - ranSecondsAgo * 1000;
    this.countedUntil = now - lagSeconds * 1000;
  }

  private differences() {
    return this.registry.gauge({
      name: 'bellhop_reconciliation_differences',
      help: 'What is not as it must be, of all processes together; anything but 0 wants a look.',
      labelNames: ['kind'] as const,
    });
  }

  private rows() {
    return this.registry.counter({
      name: 'bellhop_reconciliation_rows_checked_total',
      help: 'Deliveries that this process compared with what was accepted.',
    });
  }

  private repaired() {
    return this.registry.counter({
      name: 'bellhop_reconciliation_repaired_total',
      help: 'Deliveries that this process wrote again or made due.',
      labelNames: ['kind'] as const,
    });
  }
}
