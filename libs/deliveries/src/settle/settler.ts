import { Injectable, Logger } from '@nestjs/common';
import { Database, isTransientDatabaseError, plainArray } from '#libs/database';
import { SubscriptionsService } from '#libs/subscriptions';
import { Coalescer } from '../coalescer.js';
import { DatabaseClock } from '../database-clock.js';
import type { LeasedDelivery } from '../dispatch/delivery-frame.js';
import { EngineMetrics } from '../engine-metrics.js';
import { DueSignal } from '../feed/due-signal.js';
import { HOLD, RELEASE, SETTLE } from './settle.sql.js';
import type { Settlement } from './settlement.js';
import { settlementColumns } from './settlement-columns.js';

interface Release {
  readonly delivery: LeasedDelivery;
  readonly delayMs: number;
}

/** Outcomes that may wait for PostgreSQL; beyond it no attempt is started, since its outcome could not be kept. */
const MAX_UNSETTLED = 2000;
/** Between two tries of a statement that PostgreSQL could not run just now. */
const RETRY_MS = 250;
/** After this the leases are over and the outcomes belong to nobody: another worker has the deliveries. */
const GIVE_UP_MS = 60_000;

const BATCHES = { maxItems: 300, maxInFlight: 2, lingerMs: 10 } as const;

/** Records what became of deliveries, in batches; a caller goes on only when its record is committed. */
@Injectable()
export class Settler {
  private readonly logger = new Logger(Settler.name);
  private readonly outcomes = new Coalescer<Settlement, void>((batch) => this.settleBatch(batch), {
    ...BATCHES,
    maxWeight: 2 * 1024 * 1024,
  });
  private readonly releases = new Coalescer<Release, void>((batch) => this.releaseBatch(batch), {
    ...BATCHES,
    maxInFlight: 1,
  });
  private readonly holds = new Coalescer<LeasedDelivery, void>((batch) => this.holdBatch(batch), {
    ...BATCHES,
    maxInFlight: 1,
  });
  private isStuck = false;

  constructor(
    private readonly database: Database,
    private readonly clock: DatabaseClock,
    private readonly due: DueSignal,
    private readonly subscriptions: SubscriptionsService,
    private readonly metrics: EngineMetrics,
  ) {}

  /** Whether a new attempt's outcome could be recorded soon. */
  hasRoom(): boolean {
    return !this.isStuck && this.outcomes.size < MAX_UNSETTLED;
  }

  /** Writes the attempt row and the delivery's next state; a receiver that is gone loses its subscription. */
  async settle(settlement: Settlement): Promise<void> {
    const { result, outcome, delivery } = settlement;
    await this.outcomes.add(settlement, 512 + (result.kind === 'response' ? result.body.length : 0));
    if (!outcome.isGone) return;
    this.logger.warn(`Subscription ${delivery.subscriptionId} answered 410 Gone and is disabled.`);
    const { tenantId } = delivery.event;
    await this.subscriptions.disable({ tenantId, id: delivery.subscriptionId, reason: 'gone' });
  }

  /** Gives a delivery back, due again after the delay; no attempt is burned. */
  release(delivery: LeasedDelivery, delayMs: number): Promise<void> {
    return this.releases.add({ delivery, delayMs });
  }

  /** Puts a delivery aside because its subscription is not active. */
  hold(delivery: LeasedDelivery): Promise<void> {
    return this.holds.add(delivery);
  }

  async drain(): Promise<void> {
    await Promise.all([this.outcomes.drain(), this.releases.drain(), this.holds.drain()]);
  }

  private async settleBatch(batch: Settlement[]): Promise<void[]> {
    await this.persist(async () => {
      const sentAt = performance.now();
      const [row] = await this.database.query<{ now: Date }>(SETTLE, settlementColumns(batch));
      if (row !== undefined) this.clock.learn(row.now, sentAt);
    });
    this.metrics.attempted(batch);
    this.announce(batch);
    return [];
  }

  private async releaseBatch(batch: Release[]): Promise<void[]> {
    const ids = plainArray(batch.map(({ delivery }) => delivery.id));
    const fences = plainArray(batch.map(({ delivery }) => delivery.fence));
    const delays = plainArray(batch.map(({ delayMs }) => Math.round(delayMs)));
    await this.persist(() => this.database.query(RELEASE, [ids, fences, delays]));
    this.announce(batch);
    return [];
  }

  private async holdBatch(batch: LeasedDelivery[]): Promise<void[]> {
    const ids = plainArray(batch.map(({ id }) => id));
    const fences = plainArray(batch.map(({ fence }) => fence));
    const subscriptions = plainArray([...new Set(batch.map(({ subscriptionId }) => subscriptionId))]);
    await this.persist(() => this.database.query(HOLD, [ids, fences, subscriptions]));
    return [];
  }

  private announce(batch: readonly { readonly delayMs: number | null }[]): void {
    const soonest = batch.reduce((least, { delayMs }) => Math.min(least, delayMs ?? Infinity), Infinity);
    if (soonest < Infinity) this.due.wakeIn(soonest);
  }

  /** Repeats a statement while PostgreSQL is away, as long as the leases of its rows can still be alive. */
  private async persist(statement: () => Promise<unknown>): Promise<void> {
    const startedAt = performance.now();
    for (;;) {
      try {
        await statement();
        this.isStuck = false;
        return;
      } catch (error) {
        if (!isTransientDatabaseError(error) || performance.now() - startedAt > GIVE_UP_MS) throw error;
        if (!this.isStuck)
          this.logger.warn(`PostgreSQL takes no outcomes, dispatching pauses: ${String(error)}`);
        this.isStuck = true;
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }
}
