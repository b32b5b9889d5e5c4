import { Fifo } from '#libs/kernel';
import type { Target } from '#libs/subscriptions';
import type { LeasedDelivery } from './delivery-frame.js';
import type { Receipt } from './frame-receipt.js';
import { Pace, type Reaction, SLOW_MS } from './pace.js';
import type { Kind } from './slots.js';

/** Where a delivery comes from: straight from intake, from the feeder, or through a half-open circuit. */
export type Origin = 'intake' | 'feeder' | 'probe';

/** A delivery in a dispatcher's hands; its receipt is given when its fate is recorded. */
export interface Task {
  readonly delivery: LeasedDelivery;
  receipt: Receipt;
  readonly origin: Origin;
  readonly lane: Lane;
  /** As what it holds a slot, and since when; set when it starts. */
  kind: Kind;
  startedAt: number;
  /** Those that its request stands for as well. */
  carried: readonly Task[];
}

/** Of a task whose request stands for itself alone, as most do. */
export const NONE_CARRIED: readonly Task[] = [];

/** A lane is remembered this long without work: what it learned of its receiver is worth keeping. */
const IDLE_MS = 60_000;
/** What would wait longer than this for its subscription goes back to PostgreSQL. */
const MAX_WAIT_MS = 2000;
/** What may wait for one request to stand for all of it: five claims. */
const MAX_CARRIED = 1000;

/** The deliveries of one subscription in this process: those that wait, and those in flight at its own pace. */
export class Lane {
  /** It answers too late, or not at all: its requests share the slots that are for such receivers. */
  isSlow = false;
  /** One request can stand for all that waits, so that more at a time would only be more. */
  isThin = false;
  /** What comes together waits for a moment to be told of together. */
  isGathering = false;
  readonly pace: Pace;
  private readonly first = new Fifo<Task>();
  private readonly again = new Fifo<Task>();
  /** In the order of their starts. */
  private readonly flying = new Set<Task>();
  private hasParked = false;
  private lastUsedAt = performance.now();
  private lastStartAt = 0;
  private tookFirst = false;

  constructor(
    readonly subscriptionId: string,
    readonly tenantId: string,
    startCap: number,
  ) {
    this.pace = new Pace(startCap);
  }

  get inFlight(): number {
    return this.flying.size;
  }

  get waiting(): number {
    return this.first.length + this.again.length;
  }

  /** Obeys what the subscription says now. */
  follow({ dialect, maxInFlight }: Pick<Target, 'dialect' | 'maxInFlight'>): void {
    this.isThin = dialect.isThin;
    this.pace.follow(this.isThin ? 1 : maxInFlight);
  }

  push(task: Task): void {
    if (this.waiting === 0 && !this.isFull()) this.lastStartAt = performance.now();
    const isFirst = task.origin === 'intake' && task.delivery.attemptCount === 0;
    (isFirst ? this.first : this.again).push(task);
  }

  /** Whether something waits and may start. */
  canStart(): boolean {
    return (this.hasFirst() || this.hasAgain()) && !this.isFull();
  }

  /** Whether a first attempt waits. */
  hasFirst(): boolean {
    return this.first.length > 0;
  }

  /** Whether a retry waits, or something from the backlog. */
  hasAgain(): boolean {
    return this.again.length > 0;
  }

  /** Whether a task could start as this kind. */
  offers(kind: Kind): boolean {
    if (!this.canStart()) return false;
    if (this.isSlow) return kind === 'slow';
    if (!this.pace.isProven) return kind === 'trial';
    return (kind === 'first' && this.hasFirst()) || (kind === 'again' && this.hasAgain());
  }

  /** Starts the next task of this kind; undefined if it offers none. */
  start(kind: Kind): Task | undefined {
    if (!this.offers(kind)) return undefined;
    this.tookFirst = kind === 'first' || (kind !== 'again' && this.isTurnOfFirst());
    const task = (this.tookFirst ? this.first : this.again).shift();
    if (task === undefined) return undefined;
    task.kind = kind;
    task.startedAt = performance.now();
    this.lastStartAt = task.startedAt;
    this.flying.add(task);
    this.pace.used(this.flying.size);
    return task;
  }

  /** The task's attempt is over. */
  end(task: Task, reaction: Reaction): void {
    const wasFull = this.isFull();
    this.flying.delete(task);
    const now = performance.now();
    this.lastUsedAt = now;
    this.pace.learn(now - task.startedAt, reaction, wasFull);
    this.judge(now);
  }

  /** The tasks in flight, oldest first. */
  inFlightTasks(): Iterable<Task> {
    return this.flying;
  }

  /** Decides whether it is slow; to be asked from time to time, because silence says it too. */
  judge(now: number): void {
    this.isSlow = this.pace.isSlow(now) || this.oldestAgeMs(now) > SLOW_MS;
  }

  /** How many more it can take without any of them waiting too long; below 0, how many it has too many. */
  room(now: number): number {
    if (this.isStuck(now)) return -this.waiting;
    if (this.isThin) return MAX_CARRIED - this.waiting;
    const roundMs = Math.max(this.pace.latencyMs, this.oldestAgeMs(now));
    return Math.max(this.pace.limit, Math.floor((this.pace.prospect * MAX_WAIT_MS) / roundMs)) - this.waiting;
  }

  /** Whether some of what waits would wait too long; costs next to nothing while a request could start. */
  isCongested(): boolean {
    return this.waiting > 0 && this.isFull() && this.room(performance.now()) < 0;
  }

  /** Takes out what would wait too long, the newest first. */
  takeExcess(now: number): Task[] {
    const excess = -this.room(now);
    if (excess <= 0 || (!this.isFull() && !this.isStuck(now))) return [];
    this.hasParked = true;
    return this.takeNewest(excess);
  }

  /** Takes out everything that waits. */
  takeAll(): Task[] {
    return this.takeNewest(this.waiting);
  }

  /** Whether there is room now for what was parked before; says so once. */
  takeRelief(): boolean {
    if (!this.hasParked || this.waiting > this.pace.limit / 2 || this.isCongested()) return false;
    this.hasParked = false;
    return true;
  }

  isForgotten(now: number): boolean {
    return this.waiting === 0 && this.inFlight === 0 && now - this.lastUsedAt > IDLE_MS;
  }

  private isFull(): boolean {
    return this.flying.size >= this.pace.limit;
  }

  /** Nothing has started for too long, although something waits or all its requests hang. */
  private isStuck(now: number): boolean {
    return (this.waiting > 0 || this.isFull()) && now - this.lastStartAt > MAX_WAIT_MS;
  }

  private isTurnOfFirst(): boolean {
    return this.first.length > 0 && !(this.tookFirst && this.again.length > 0);
  }

  private takeNewest(count: number): Task[] {
    const fromAgain = Math.min(count, this.again.length);
    const again = this.again.truncate(this.again.length - fromAgain);
    return [...this.first.truncate(this.first.length - (count - fromAgain)), ...again];
  }

  /** The first in a set is the oldest: it shows a hanging receiver before any answer or timeout does. */
  private oldestAgeMs(now: number): number {
    for (const { startedAt } of this.flying) return now - startedAt;
    return 0;
  }
}
