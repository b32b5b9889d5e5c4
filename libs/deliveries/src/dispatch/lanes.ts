import { Injectable } from '@nestjs/common';
import { AppConfig } from '#libs/config';
import type { Target } from '#libs/subscriptions';
import { DueSignal } from '../feed/due-signal.js';
import { Lane, type Task } from './lane.js';
import type { Reaction } from './pace.js';
import { type Kind, KINDS, Slots } from './slots.js';
import { Turns } from './turns.js';

/** Room for so many is as good as any: a claim brings no more. */
const AMPLE = 500;

/**
 * Which delivery starts next: the kinds in turn as long as they have slots, within a kind the tenants in turn, within a
 * tenant its lanes in turn. So neither a tenant with a thousand subscriptions, nor a storm of retries, nor receivers
 * that hang take more than their part.
 */
@Injectable()
export class Lanes {
  private readonly lanes = new Map<string, Lane>();
  private readonly slots: Slots;
  private readonly turns: Readonly<Record<Kind, Turns<Lane>>> = {
    first: new Turns(),
    again: new Turns(),
    trial: new Turns(),
    slow: new Turns(),
  };
  private turnOfKind = 0;

  constructor(
    private readonly config: AppConfig,
    private readonly due: DueSignal,
  ) {
    this.slots = new Slots(config.dispatch.concurrency);
  }

  /** Requests in flight. */
  get inFlight(): number {
    return this.slots.inFlight;
  }

  /** The lane of a subscription, at the limit that it has now. */
  laneOf(target: Target): Lane {
    const { id, tenantId } = target;
    let lane = this.lanes.get(id);
    if (lane === undefined) {
      lane = new Lane(id, tenantId, this.config.dispatch.perSubscription);
      this.lanes.set(id, lane);
    }
    lane.follow(target);
    return lane;
  }

  known(subscriptionId: string): Lane | undefined {
    return this.lanes.get(subscriptionId);
  }

  all(): Iterable<Lane> {
    return this.lanes.values();
  }

  /** Puts a lane in line for whatever it could start now. */
  line(lane: Lane): void {
    if (!lane.canStart()) return;
    if (lane.isSlow) this.turns.slow.add(lane);
    else if (!lane.pace.isProven) this.turns.trial.add(lane);
    else {
      if (lane.hasFirst()) this.turns.first.add(lane);
      if (lane.hasAgain()) this.turns.again.add(lane);
    }
  }

  /** Starts the next task; undefined when nothing may start now. */
  start(): Task | undefined {
    for (let tried = 0; tried < KINDS.length; tried += 1) {
      const kind = KINDS[this.turnOfKind % KINDS.length] as Kind;
      this.turnOfKind += 1;
      const task = this.startOf(kind);
      if (task !== undefined) return task;
    }
    return undefined;
  }

  /** A task's attempt is over: its slot is free, and its lane knows more of its receiver. */
  end(task: Task, reaction: Reaction): void {
    const { lane } = task;
    this.slots.free(task.kind);
    lane.end(task, reaction);
    if (lane.takeRelief()) this.due.wake();
    this.line(lane);
  }

  /** Looks a lane over: silence makes it slow, and one without work is forgotten after a while. */
  review(lane: Lane, now: number): void {
    lane.pace.relax(now);
    lane.judge(now);
    if (lane.isSlow) this.slots.move(lane.inFlightTasks(), 'slow');
    if (lane.isForgotten(now)) this.lanes.delete(lane.subscriptionId);
    else this.line(lane);
  }

  /** How many deliveries those lanes can take that cannot take just any number. */
  scarceRooms(): Map<string, number> {
    const now = performance.now();
    const rooms = new Map<string, number>();
    for (const lane of this.lanes.values()) {
      const room = this.roomOf(lane, now);
      if (room < AMPLE) rooms.set(lane.subscriptionId, room);
    }
    return rooms;
  }

  /** By its own pace, and by what is free for its kind. */
  private roomOf(lane: Lane, now: number): number {
    const kind = lane.isSlow ? 'slow' : lane.pace.isProven ? null : 'trial';
    return kind !== null && !this.slots.hasRoom(kind) ? 0 : Math.max(0, lane.room(now));
  }

  private startOf(kind: Kind): Task | undefined {
    const turns = this.turns[kind];
    while (!turns.isEmpty && this.slots.hasRoom(kind)) {
      const lane = turns.take();
      if (lane === undefined) return undefined;
      const task = lane.start(kind);
      // It may have become another kind since it stood in line.
      this.line(lane);
      if (task === undefined) continue;
      this.slots.take(kind);
      return task;
    }
    return undefined;
  }
}
