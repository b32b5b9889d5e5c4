import { Injectable, Logger } from '@nestjs/common';
import { arrayOf, columnOf, Database, isDuplicate, isTransientDatabaseError } from '#libs/database';
import { SubscriptionsService } from '#libs/subscriptions';
import { Batcher } from '../batcher.js';
import { DatabaseClock } from '../database-clock.js';
import type { LeasedDelivery } from '../dispatch/delivery-frame.js';
import type { Receipt } from '../dispatch/frame-receipt.js';
import { EngineMetrics } from '../engine-metrics.js';
import { DueSignal } from '../feed/due-signal.js';
import { FinishedLeases } from './finished-leases.js';
import { ReceiversClock } from './receivers-clock.js';
import { HOLD, RELEASE, SETTLE, SETTLE_AGAIN, STILL_LEASED } from './settle.sql.js';
import type { Settlement } from './settlement.js';
import { settlementColumns } from './settlement-columns.js';

/** A delivery and who waits for its record. */
export interface Held {
  readonly delivery: LeasedDelivery;
  readonly receipt: Receipt;
}

export interface Released extends Held {
  readonly delayMs: number;
}

export interface Settled {
  readonly settlement: Settlement;
  readonly receipt: Receipt;
}

/** Outcomes that may wait for PostgreSQL; beyond it no attempt is started, since its outcome could not be kept. */
const MAX_UNSETTLED = 2000;
/** Between two tries of a statement that PostgreSQL could not run just now. */
const RETRY_MS = 250;
/** After this the leases are over and the outcomes belong to nobody: another worker has the deliveries. */
const GIVE_UP_MS = 60_000;

const BATCHES = { maxItems: 300, maxInFlight: 2, lingerMs: 10 } as const;
const ONE_AT_A_TIME = { ...BATCHES, maxInFlight: 1 } as const;
const MAX_BATCH_BYTES = 2 * 1024 * 1024;
/** Bytes of an attempt's row without the receiver's answer. */
const ROW_BYTES = 512;

/** Records what became of deliveries, in batches; a receipt is given only when the record is committed. */
@Injectable()
export class Settler {
  private readonly logger = new Logger(Settler.name);
  private readonly outcomes = new Batcher<Settled>((batch) => this.settleBatch(batch), {
    ...BATCHES,
    maxWeight: MAX_BATCH_BYTES,
  });
  private readonly releases = new Batcher<Released>((batch) => this.releaseBatch(batch), ONE_AT_A_TIME);
  private readonly holds = new Batcher<Held>((batch) => this.holdBatch(batch), ONE_AT_A_TIME);
  private readonly leases: FinishedLeases;
  private readonly receiversClock = new ReceiversClock();
  private isStuck = false;

  constructor(
    private readonly database: Database,
    private readonly clock: DatabaseClock,
    private readonly due: DueSignal,
    private readonly subscriptions: SubscriptionsService,
    private readonly metrics: EngineMetrics,
  ) {
    this.leases = new FinishedLeases(database);
    metrics.watchReceiversClock(this.receiversClock);
  }

  /** Whether a new attempt's outcome could be recorded soon. */
  hasRoom(): boolean {
    return !this.isStuck && this.outcomes.size < MAX_UNSETTLED;
  }

  /** Writes the attempt row and the delivery's next state; a receiver that is gone loses its subscription. */
  settle(settled: Settled): void {
    const { result } = settled.settlement;
    this.outcomes.push(settled, ROW_BYTES + (result.kind === 'response' ? result.body.length : 0));
  }

  /** Gives a delivery back, due again after the delay; no attempt is burned. */
  release(released: Released): void {
    this.releases.push(released);
  }

  /** Puts a delivery aside because its subscription is not active. */
  hold(held: Held): void {
    this.holds.push(held);
  }

  /** The ids of those that nobody has settled and whose lease goes on. */
  async stillLeased(deliveries: readonly LeasedDelivery[]): Promise<Set<string>> {
    const held = deliveries.map((delivery) => ({ delivery }));
    const rows = await this.database.query<{ id: string }>(STILL_LEASED, deliveryColumns(held));
    return new Set(rows.map(({ id }) => id));
  }

  /** All deliveries of a message are recorded: nothing has to stand for them any more. */
  finish(leaseId: string): void {
    this.leases.add(leaseId);
  }

  async drain(): Promise<void> {
    await Promise.all([this.outcomes.drain(), this.releases.drain(), this.holds.drain()]);
    await this.leases.flush();
  }

  private settleBatch(batch: readonly Settled[]): Promise<void> {
    return this.record(batch, async () => {
      const settlements = batch.map(({ settlement }) => settlement);
      await this.persistOutcomes(settlementColumns(settlements));
      this.metrics.attempted(settlements);
      this.receiversClock.learn(settlements);
      this.announce(settlements);
      await this.disableGone(settlements);
    });
  }

  /**
   * A statement that lost its connection may have been committed, and two copies of a message may have had their attempts
   * in the same millisecond: what was recorded stays as it is then.
   */
  private async persistOutcomes(columns: readonly Buffer[]): Promise<void> {
    let statement = SETTLE;
    await this.persist(async () => {
      const first = statement;
      statement = SETTLE_AGAIN;
      const sentAt = performance.now();
      const rows = this.database.query<{ now: Date }>(first, columns).catch((error: unknown) => {
        if (!isDuplicate(error)) throw error;
        return this.database.query<{ now: Date }>(SETTLE_AGAIN, columns);
      });
      for (const { now } of await rows) this.clock.learn(now, sentAt);
    });
  }

  private releaseBatch(batch: readonly Released[]): Promise<void> {
    return this.record(batch, async () => {
      const ids = deliveryColumns(batch);
      const delays = columnOf('bigint', batch, ({ delayMs }) => Math.round(delayMs));
      await this.persist(() => this.database.query(RELEASE, [...ids, delays]));
      this.announce(batch);
    });
  }

  private holdBatch(batch: readonly Held[]): Promise<void> {
    return this.record(batch, async () => {
      const subscriptions = new Set(batch.map(({ delivery }) => delivery.subscriptionId));
      const values = [...deliveryColumns(batch), arrayOf('uuid', [...subscriptions])];
      await this.persist(() => this.database.query(HOLD, values));
    });
  }

  /** Gives the receipts of a batch: good ones when the work is done, else the error. */
  private async record(
    batch: readonly { readonly receipt: Receipt }[],
    work: () => Promise<void>,
  ): Promise<void> {
    try {
      await work();
      for (const { receipt } of batch) receipt.done();
    } catch (error) {
      for (const { receipt } of batch) receipt.failed(error);
    }
  }

  private async disableGone(settlements: readonly Settlement[]): Promise<void> {
    for (const { outcome, delivery, carriedBy } of settlements) {
      if (!outcome.isGone || carriedBy !== null) continue;
      const { subscriptionId: id, event } = delivery;
      this.logger.warn(`The receiver of subscription ${id} wants no more events; it is disabled.`);
      await this.subscriptions.disable({ tenantId: event.tenantId, id, reason: 'gone' });
    }
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

/** What a statement finds deliveries by: tenant, id, and the fence that they were leased with. */
function deliveryColumns(batch: readonly Pick<Held, 'delivery'>[]): Buffer[] {
  return [
    columnOf('uuid', batch, ({ delivery }) => delivery.event.tenantId),
    columnOf('uuid', batch, ({ delivery }) => delivery.id),
    columnOf('int', batch, ({ delivery }) => delivery.fence),
  ];
}
