import { Injectable, Logger } from '@nestjs/common';
import { Database } from '#libs/database';
import { RoundLoop } from '#libs/kernel';
import { DeliveryWorker } from '../dispatch/delivery-worker.js';
import { Dispatcher } from '../dispatch/dispatcher.js';
import { DueDeliveries } from './claim.js';
import { DueSignal } from './due-signal.js';
import { ANY_OVER, DISCARD_ORPHANS, RECLAIM, RELEASE_HELD } from './feed.sql.js';

/** The longest rest: a lease that ran out, or a notification that was lost, is found within this. */
const MAX_REST_MS = 1000;
/** The rest while the dispatcher has no room. */
const FULL_REST_MS = 20;
const MAX_BACKOFF_MS = 5000;
/** Deliveries that may wait in this process's dispatcher before it is fed more. */
const MAX_DISPATCHER_BACKLOG = 1000;

/** Between two searches that find nothing: notifications may come by the thousand, and most tell of work that is taken. */
const EMPTY_REST_MS = 10;

/** How late the end of a lease may be noticed. */
const RECLAIM_EVERY_MS = 1000;

/**
 * Finds what is due (retries, backlog, work whose worker died) and claims it for the dispatcher of this process, as much
 * as that has room for: so the processes share the work, and it goes on while the broker is away.
 */
@Injectable()
export class Feeder {
  private readonly logger = new Logger(Feeder.name);
  private readonly loop: RoundLoop;
  private isListening = false;
  private directoryMoved = true;
  private nextReclaimAt = 0;
  private emptyUntil = 0;

  constructor(
    private readonly database: Database,
    private readonly due: DueDeliveries,
    private readonly worker: DeliveryWorker,
    private readonly dispatcher: Dispatcher,
    private readonly signal: DueSignal,
  ) {
    this.loop = new RoundLoop(signal, () => this.round());
  }

  start(): void {
    this.loop.start();
  }

  /** Claims nothing more; what was claimed is in the dispatcher. */
  stop(): Promise<void> {
    return this.loop.stop();
  }

  /** One round; tells how long to rest after it. */
  private async round(): Promise<number> {
    try {
      await this.listen();
      if (this.directoryMoved) await this.followDirectory();
      const restMs = await this.feed();
      if (this.loop.outage.succeeded()) this.logger.log('Deliveries are fed again.');
      return restMs;
    } catch (error) {
      if (this.loop.outage.failed()) this.logger.warn(`Feeding pauses until this ends: ${String(error)}`);
      return this.loop.outage.pauseMs(MAX_BACKOFF_MS);
    }
  }

  private async listen(): Promise<void> {
    if (this.isListening) return;
    await this.database.listen('bellhop_due', () => this.signal.wake());
    await this.database.listen('bellhop_directory', () => {
      this.directoryMoved = true;
      this.signal.wake();
    });
    this.isListening = true;
  }

  private async feed(): Promise<number> {
    if (this.dispatcher.backlog > MAX_DISPATCHER_BACKLOG) return FULL_REST_MS;
    await this.reclaim();
    const emptyMs = this.emptyUntil - performance.now();
    if (emptyMs > 0) return emptyMs;
    const scarce = this.dispatcher.scarceRooms();
    const { deliveries, probes } = await this.due.claim((id) => scarce.get(id) ?? Infinity);
    this.worker.take(deliveries, 'feeder');
    // A dispatcher lets nothing else through to a subscription whose circuit is open.
    this.worker.take(probes, 'probe');
    if (deliveries.length + probes.length > 0) return 0;
    const restMs = Math.min(Math.max(Math.ceil(this.due.nextDueInMs()), 1), MAX_REST_MS);
    this.emptyUntil = performance.now() + Math.min(restMs, EMPTY_REST_MS);
    return restMs;
  }

  /** A look at a small table, once in a while: its rows live for milliseconds unless their worker died. */
  private async reclaim(): Promise<void> {
    if (performance.now() < this.nextReclaimAt) return;
    this.nextReclaimAt = performance.now() + RECLAIM_EVERY_MS;
    if ((await this.database.query(ANY_OVER)).length === 0) return;
    const reclaimed = await this.database.query(RECLAIM);
    if (reclaimed.length > 0) this.nextReclaimAt = 0;
  }

  /** A subscription was resumed or deleted: what it held is due, what it left is discarded. */
  private async followDirectory(): Promise<void> {
    this.directoryMoved = false;
    const released = await this.database.query(RELEASE_HELD);
    const discarded = await this.database.query(DISCARD_ORPHANS);
    if (released.length > 0 || discarded.length > 0) this.directoryMoved = true;
  }
}
