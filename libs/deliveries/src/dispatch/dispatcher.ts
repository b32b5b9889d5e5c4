import { Injectable, Logger } from '@nestjs/common';
import { AppConfig } from '#libs/config';
import { SubscriptionDirectory, SubscriptionsService, type Target } from '#libs/subscriptions';
import type { Settlement } from '../settle/settlement.js';
import { Settler } from '../settle/settler.js';
import { Attempter } from './attempter.js';
import type { LeasedDelivery } from './delivery-frame.js';
import { Lane, type Task } from './lane.js';

/** How often waiting work is looked over: for lanes that turned slow, and for PostgreSQL that came back. */
const SWEEP_MS = 200;
/** A parked delivery comes back after 1 to 5 s; spread, so that it does not come with all the others. */
const parkDelayMs = (): number => 1000 + Math.random() * 4000;

/** Sends deliveries: a global number at once, a cap for each subscription, the lanes in turn. */
@Injectable()
export class Dispatcher {
  private readonly logger = new Logger(Dispatcher.name);
  private readonly lanes = new Map<string, Lane>();
  /** Lanes with work that may start, in the order of their turns. */
  private readonly ready = new Set<Lane>();
  private inFlight = 0;
  private waiting = 0;
  private isStopping = false;
  private sweepTimer: NodeJS.Timeout | undefined;

  constructor(
    private readonly directory: SubscriptionDirectory,
    private readonly subscriptions: SubscriptionsService,
    private readonly attempter: Attempter,
    private readonly settler: Settler,
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

  /** Resolves when the delivery's fate is recorded: attempted, given back or put aside. */
  dispatch(delivery: LeasedDelivery): Promise<void> {
    const target = this.directory.target(delivery.subscriptionId);
    if (target === undefined || target.status !== 'active') return this.settler.hold(delivery);
    if (this.isStopping) return this.settler.release(delivery, 0);
    return new Promise<void>((resolve, reject) => {
      const done = (error?: unknown): void => (error === undefined ? resolve() : reject(error as Error));
      const lane = this.laneOf(target);
      lane.waiting.push({ delivery, done });
      this.waiting += 1;
      if (lane.isCongested()) this.giveBack(lane.takeExcess(), parkDelayMs);
      this.enqueue(lane);
      this.pump();
    });
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
    const { concurrency } = this.config.dispatch;
    for (const lane of this.ready) {
      if (this.inFlight >= concurrency || !this.settler.hasRoom()) return;
      // A set is walked in the order of insertion, and a lane that is added again goes to the end: round robin.
      this.ready.delete(lane);
      const task = lane.waiting.shift();
      if (task !== undefined) {
        this.waiting -= 1;
        void this.run(lane, task);
      }
      this.enqueue(lane);
    }
  }

  private async run(lane: Lane, { delivery, done }: Task): Promise<void> {
    const target = this.directory.target(delivery.subscriptionId);
    const end = lane.begin();
    this.inFlight += 1;
    let settlement: Settlement | null = null;
    try {
      if (target !== undefined) settlement = await this.attempter.attempt(delivery, target);
    } catch (error) {
      done(error);
      return;
    } finally {
      this.inFlight -= 1;
      end(isSlow(settlement));
      this.enqueue(lane);
      this.pump();
    }
    const recorded = settlement === null ? this.settler.release(delivery, 0) : this.record(settlement);
    recorded.then(() => done(), done);
  }

  private async record(settlement: Settlement): Promise<void> {
    await this.settler.settle(settlement);
    if (!settlement.outcome.isGone) return;
    const { subscriptionId, event } = settlement.delivery;
    this.logger.warn(`Subscription ${subscriptionId} answered 410 Gone and is disabled.`);
    await this.subscriptions.disable({ tenantId: event.tenantId, id: subscriptionId, reason: 'gone' });
  }

  private sweep(): void {
    for (const [id, lane] of this.lanes) {
      this.giveBack(lane.takeExcess(), parkDelayMs);
      if (lane.isIdle()) this.lanes.delete(id);
    }
    this.pump();
  }

  private giveBack(tasks: readonly Task[], delayMs: () => number): void {
    this.waiting -= tasks.length;
    for (const { delivery, done } of tasks) {
      this.settler.release(delivery, delayMs()).then(() => done(), done);
    }
  }
}

/** Timeouts and refused connections speak against the load; an answer, even a 500, shows a receiver that answers. */
function isSlow(settlement: Settlement | null): boolean {
  if (settlement === null || settlement.result.kind === 'response') return false;
  return /^(timeout|connect)_/.test(settlement.result.errorType);
}
