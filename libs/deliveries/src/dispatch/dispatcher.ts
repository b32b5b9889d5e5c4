import { Injectable } from '@nestjs/common';
import { AppConfig } from '#libs/config';
import { SubscriptionDirectory, type Target } from '#libs/subscriptions';
import { DueSignal } from '../feed/due-signal.js';
import type { Settlement } from '../settle/settlement.js';
import { Settler } from '../settle/settler.js';
import { type AttemptEnded, Attempter } from './attempter.js';
import type { LeasedDelivery } from './delivery-frame.js';
import type { Receipt } from './frame-receipt.js';
import { Lane, type Task } from './lane.js';

/** How often waiting work is looked over: for lanes that turned slow, and for PostgreSQL that came back. */
const SWEEP_MS = 200;
/** Keeps a parked delivery from going round in circles between processes. */
const PARK_MS = 200;

/** Sends deliveries: a global number at once, a cap for each subscription, the lanes in turn. */
@Injectable()
export class Dispatcher {
  private readonly lanes = new Map<string, Lane>();
  /** Lanes with work that may start, in the order of their turns. */
  private readonly ready = new Set<Lane>();
  private inFlight = 0;
  private waiting = 0;
  private isStopping = false;
  private isPumping = false;
  private sweepTimer: NodeJS.Timeout | undefined;

  constructor(
    private readonly directory: SubscriptionDirectory,
    private readonly attempter: Attempter,
    private readonly settler: Settler,
    private readonly due: DueSignal,
    private readonly config: AppConfig,
  ) {}

  start(): void {
    this.isStopping = false;
    this.sweepTimer ??= setInterval(() => this.sweep(), SWEEP_MS);
  }

  /** Starts nothing more and gives back what waits; attempts in flight go on. */
  stop(): void {
    this.isStopping = true;
    clearInterval(this.sweepTimer);
    this.sweepTimer = undefined;
    for (const lane of this.lanes.values()) this.giveBack(lane.waiting.splice(0), () => 0);
  }

  /** Attempts under way. */
  get flying(): number {
    return this.inFlight;
  }

  /** Deliveries here that are not in flight yet. */
  get backlog(): number {
    return this.waiting;
  }

  /** Subscriptions that cannot take more work at the moment. */
  congested(): string[] {
    return [...this.lanes.values()]
      .filter((lane) => lane.isCongested())
      .map(({ subscriptionId }) => subscriptionId);
  }

  /** The receipt is given when the delivery's fate is recorded: attempted, given back or put aside. */
  dispatch(delivery: LeasedDelivery, receipt: Receipt): void {
    const target = this.directory.target(delivery.subscriptionId);
    if (target === undefined || target.status !== 'active') return this.settler.hold({ delivery, receipt });
    if (this.isStopping) return this.settler.release({ delivery, receipt, delayMs: 0 });
    const lane = this.laneOf(target);
    lane.waiting.push({ delivery, receipt });
    this.waiting += 1;
    if (lane.isCongested()) this.park(lane);
    this.enqueue(lane);
    this.pump();
  }

  private laneOf(target: Target): Lane {
    const known = this.lanes.get(target.id);
    if (known !== undefined) return known;
    const lane = new Lane(target.id, this.config.dispatch.perSubscription, target.maxInFlight);
    this.lanes.set(target.id, lane);
    return lane;
  }

  private enqueue(lane: Lane): void {
    if (lane.canStart()) this.ready.add(lane);
  }

  /** Lets the lanes start one task each in turn, while there are slots. */
  private pump(): void {
    // An attempt that ends at once asks for the next one while this loop still runs; the loop finds it by itself.
    if (this.isPumping) return;
    this.isPumping = true;
    this.startReady(this.config.dispatch.concurrency);
    this.isPumping = false;
  }

  private startReady(concurrency: number): void {
    for (const lane of this.ready) {
      if (this.inFlight >= concurrency || !this.settler.hasRoom()) return;
      // A set is walked in the order of insertion, and a lane that is added again goes to the end: round robin.
      this.ready.delete(lane);
      const task = lane.waiting.shift();
      if (task !== undefined) {
        this.waiting -= 1;
        this.run(lane, task);
      }
      this.enqueue(lane);
    }
  }

  private run(lane: Lane, { delivery, receipt }: Task): void {
    const target = this.directory.target(delivery.subscriptionId);
    const end = lane.begin();
    this.inFlight += 1;
    const ended: AttemptEnded = (error, settlement) => {
      this.inFlight -= 1;
      end(isSlow(settlement));
      if (settlement !== null) this.settler.settle({ settlement, receipt });
      else if (error === null) this.settler.release({ delivery, receipt, delayMs: 0 });
      else receipt.failed(error);
      if (lane.takeRelief()) this.due.wake();
      this.enqueue(lane);
      this.pump();
    };
    if (target === undefined) return ended(null, null);
    try {
      this.attempter.attempt(delivery, target, ended);
    } catch (error) {
      ended(error, null);
    }
  }

  private sweep(): void {
    for (const [id, lane] of this.lanes) {
      this.park(lane);
      if (lane.isForgotten()) this.lanes.delete(id);
    }
    this.pump();
  }

  /**
   * What would wait too long goes back to PostgreSQL, due again almost at once: the feeder leaves this subscription out
   * as long as it is congested here, and other processes may have room for it.
   */
  private park(lane: Lane): void {
    this.giveBack(lane.takeExcess(), () => PARK_MS * (0.5 + Math.random()));
  }

  private giveBack(tasks: readonly Task[], delayMs: () => number): void {
    this.waiting -= tasks.length;
    for (const { delivery, receipt } of tasks) {
      this.settler.release({ delivery, receipt, delayMs: delayMs() });
    }
  }
}

/** Timeouts and refused connections speak against the load; an answer, even a 500, shows a receiver that answers. */
function isSlow(settlement: Settlement | null): boolean {
  if (settlement === null || settlement.result.kind === 'response') return false;
  return /^(timeout|connect)_/.test(settlement.result.errorType);
}
