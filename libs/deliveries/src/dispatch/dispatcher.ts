import { Injectable } from '@nestjs/common';
import { SubscriptionDirectory, type Target } from '#libs/subscriptions';
import { CircuitBreaker } from '../gate/circuit-breaker.js';
import { carriedBy, type Settlement } from '../settle/settlement.js';
import { Settler } from '../settle/settler.js';
import { type AttemptEnded, Attempter } from './attempter.js';
import type { LeasedDelivery } from './delivery-frame.js';
import { NOBODY_WAITS, type Receipt } from './frame-receipt.js';
import { type Lane, NONE_CARRIED, type Origin, type Task } from './lane.js';
import { Lanes } from './lanes.js';
import type { Reaction } from './pace.js';

/** How often waiting work is looked over: for lanes that turned slow, and for PostgreSQL that came back. */
const SWEEP_MS = 200;
/** Keeps a delivery that is given back from going round in circles between processes. */
const PARK_MS = 200;
/** What one message or claim brings of an account with news, nobody misses for so long. */
const GATHER_MS = 20;

/** Sends deliveries: a global number at once, each subscription at its own pace, everyone in turn. */
@Injectable()
export class Dispatcher {
  private waiting = 0;
  private isStopping = false;
  private isWoken = false;
  private sweepTimer: NodeJS.Timeout | undefined;

  constructor(
    private readonly directory: SubscriptionDirectory,
    private readonly attempter: Attempter,
    private readonly settler: Settler,
    private readonly breaker: CircuitBreaker,
    private readonly lanes: Lanes,
  ) {
    breaker.onMoved((opened, closed) => {
      opened.forEach((id) => this.defer(this.lanes.known(id)?.takeAll() ?? []));
      closed.forEach((id) => this.restart(id));
    });
  }

  start(): void {
    this.isStopping = false;
    this.sweepTimer ??= setInterval(() => this.sweep(), SWEEP_MS);
  }

  /** Starts nothing more and gives back what waits; attempts in flight go on. */
  stop(): void {
    this.isStopping = true;
    clearInterval(this.sweepTimer);
    this.sweepTimer = undefined;
    for (const lane of this.lanes.all()) this.giveBack(lane.takeAll(), 0);
  }

  /**
   * Gives back what is in flight, for a process that is about to end: its answers would come too late to be seen, and
   * its leases would keep it from everybody else.
   */
  abandon(): void {
    for (const lane of this.lanes.all()) {
      for (const task of lane.inFlightTasks()) [task, ...task.carried].forEach((one) => this.abandonOne(one));
    }
  }

  private abandonOne(task: Task): void {
    const { delivery, receipt } = task;
    task.receipt = NOBODY_WAITS;
    this.settler.release({ delivery, receipt, delayMs: 0 });
  }

  /** Attempts under way. */
  get flying(): number {
    return this.lanes.inFlight;
  }

  /** Deliveries here that are not in flight yet. */
  get backlog(): number {
    return this.waiting;
  }

  /** How many deliveries those subscriptions can take here that cannot take just any number. */
  scarceRooms(): Map<string, number> {
    return this.lanes.scarceRooms();
  }

  /** The receipt is given when the delivery's fate is recorded: attempted, given back or put aside. */
  dispatch(delivery: LeasedDelivery, receipt: Receipt, origin: Origin): void {
    const target = this.directory.target(delivery.subscriptionId);
    if (target === undefined || target.status !== 'active') return this.settler.hold({ delivery, receipt });
    if (this.isStopping) return this.settler.release({ delivery, receipt, delayMs: 0 });
    const lane = this.lanes.laneOf(target);
    const task: Task = {
      delivery,
      receipt,
      origin,
      lane,
      kind: 'first',
      startedAt: 0,
      carried: NONE_CARRIED,
    };
    this.waiting += 1;
    if (origin !== 'probe' && this.breaker.isOpen(target.id)) return this.defer([task]);
    lane.push(task);
    if (lane.isCongested()) this.park(lane, performance.now());
    if (lane.isThin) return this.gather(lane);
    this.lanes.line(lane);
    this.wake();
  }

  /** Begins a moment later, so that one request stands for all that comes at once. */
  private gather(lane: Lane): void {
    if (lane.isGathering) return;
    lane.isGathering = true;
    setTimeout(() => {
      lane.isGathering = false;
      this.lanes.line(lane);
      this.wake();
    }, GATHER_MS);
  }

  /**
   * Starts what may start, once for all answers and messages of this turn of the event loop. To answer each answer with
   * a request cost a tenth to a fifth of the throughput: code for both took turns in the processor's caches, and
   * receivers on the same machine were woken for every single request.
   */
  private wake(): void {
    if (this.isWoken) return;
    this.isWoken = true;
    setImmediate(() => {
      this.isWoken = false;
      this.pump();
    });
  }

  private pump(): void {
    while (this.settler.hasRoom()) {
      const task = this.lanes.start();
      if (task === undefined) break;
      this.waiting -= 1;
      this.run(task);
    }
  }

  private run(task: Task): void {
    const { delivery } = task;
    const target = this.directory.target(delivery.subscriptionId);
    const ended: AttemptEnded = (error, settlement, againInMs = 0) => {
      const { receipt } = task;
      this.lanes.end(task, reactionOf(settlement));
      if (settlement !== null) this.record(task, settlement);
      else if (error === null) this.settler.release({ delivery, receipt, delayMs: againInMs });
      else receipt.failed(error);
      if (task.carried !== NONE_CARRIED) this.recordCarried(task, settlement, target, againInMs);
      this.wake();
    };
    if (target === undefined) return ended(null, null);
    if (target.voiceOf(delivery.id).dialect.isThin) this.takeAlong(task, target);
    try {
      this.attempter.attempt(delivery, target, ended);
    } catch (error) {
      ended(error, null);
    }
  }

  /**
   * One request says as much as one for each of those that wait. All of them were accepted before it is sent, so that
   * whoever fetches the news then finds them.
   */
  private takeAlong(task: Task, target: Target): void {
    const voice = target.voiceOf(task.delivery.id);
    const waiting: Task[] = [];
    for (const one of task.lane.takeAll()) {
      if (target.voiceOf(one.delivery.id) === voice) waiting.push(one);
      // Accepted under another choice of profile: the request says nothing of it.
      else task.lane.push(one);
    }
    const isInTime = ({ delivery }: Task): boolean => this.attempter.isInTime(delivery, target);
    task.carried = waiting.filter(isInTime);
    this.waiting -= task.carried.length;
    this.giveBack(
      waiting.filter((one) => !isInTime(one)),
      0,
    );
  }

  /** What the request came to counts for each that it stood for; if none was made, each has its own turn again. */
  private recordCarried(
    { carried }: Task,
    settlement: Settlement | null,
    target: Target | undefined,
    delayMs: number,
  ): void {
    for (const { delivery, receipt } of carried) {
      if (settlement === null || target === undefined) this.settler.release({ delivery, receipt, delayMs });
      else this.settler.settle({ settlement: carriedBy(settlement, delivery, target), receipt });
    }
  }

  private record({ delivery, receipt, origin, carried }: Task, settlement: Settlement): void {
    const isProbe = origin === 'probe' || carried.some((one) => one.origin === 'probe');
    const { subscriptionId } = delivery;
    const { outcome, url } = settlement;
    if (outcome.verdict === 'delivered') this.breaker.succeeded(subscriptionId);
    // Without a key nothing was sent: that says nothing of the receiver.
    else if (outcome.verdict === 'retryable' && outcome.errorType !== 'signing_key_unavailable')
      this.breaker.failed({ subscriptionId, url, isProbe });
    this.settler.settle({ settlement, receipt });
  }

  private sweep(): void {
    const now = performance.now();
    for (const lane of this.lanes.all()) {
      const target = this.directory.target(lane.subscriptionId);
      if (target !== undefined) lane.follow(target);
      this.lanes.review(lane, now);
      this.park(lane, now);
    }
    this.pump();
  }

  /** The circuit is open: what waits here waits in PostgreSQL instead. */
  private defer(tasks: readonly Task[]): void {
    this.breaker.deferred(tasks.length);
    this.giveBack(tasks, PARK_MS);
  }

  /** The circuit has closed: what the feeder brings now begins slowly. */
  private restart(subscriptionId: string): void {
    const target = this.directory.target(subscriptionId);
    if (target !== undefined) this.lanes.laneOf(target).pace.restart();
  }

  /**
   * What would wait too long goes back to PostgreSQL, due again almost at once: the feeder brings no more than there is
   * room for here, and other processes may have room for it.
   */
  private park(lane: Lane, now: number): void {
    this.giveBack(lane.takeExcess(now), PARK_MS);
  }

  private giveBack(tasks: readonly Task[], aboutMs: number): void {
    this.waiting -= tasks.length;
    for (const { delivery, receipt } of tasks) {
      this.settler.release({ delivery, receipt, delayMs: aboutMs * (0.5 + Math.random()) });
    }
  }
}

/** Timeouts and refused connections speak against the load; an answer, even a 500, shows a receiver that answers. */
function reactionOf(settlement: Settlement | null): Reaction {
  if (settlement === null) return 'nothing';
  if (settlement.result.kind === 'response') return 'answered';
  const { errorType } = settlement.result;
  if (errorType.startsWith('timeout_') || errorType === 'connect_timeout') return 'hung';
  return errorType.startsWith('connect_') ? 'refused' : 'nothing';
}
