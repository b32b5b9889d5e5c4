import type { BellhopEvent } from '#libs/events';
import { newId } from '#libs/kernel';
import type { SubscriptionDirectory, Target } from '#libs/subscriptions';
import type { LeasedDelivery } from '../dispatch/delivery-frame.js';
import { framedEvent } from '../dispatch/framed-event.js';
import type { IntakeJob } from './intake-job.js';

/** A lease outlasts the attempt by this; within it the outcome must be written. */
export const LEASE_MARGIN_MS = 10_000;

/** `leaseMs` of a delivery that waits until its subscription is active again. */
export const HELD = -1;

/** A delivery row to be. */
export interface PlannedDelivery extends LeasedDelivery {
  /** Above 0 it goes to a dispatcher at once, for so long; 0: it is due and waits for the feeder; or HELD. */
  readonly leaseMs: number;
  /** Known when the row is written. */
  leaseUntilMs: number;
}

export interface PlannedEvent {
  readonly event: BellhopEvent;
  readonly deliveries: readonly PlannedDelivery[];
}

export interface PlannedJob {
  readonly job: IntakeJob;
  readonly events: readonly PlannedEvent[];
}

/**
 * One delivery for every match of every event. Those of a paused subscription are held, and those that cannot go to a
 * dispatcher now wait for the feeder.
 */
export function planJob(
  job: IntakeJob,
  directory: SubscriptionDirectory,
  isPushable: (target: Target) => boolean,
): PlannedJob {
  const events = job.events.map((event, index) => {
    const framed = framedEvent(event);
    const deliveries = targetsOf(job, index, directory).map((target): PlannedDelivery => ({
      id: newId(),
      subscriptionId: target.id,
      fence: 1,
      attemptCount: 0,
      leaseUntilMs: 0,
      event: framed,
      leaseMs:
        target.status === 'paused' ? HELD : isPushable(target) ? target.timeoutMs + LEASE_MARGIN_MS : 0,
    }));
    return { event, deliveries };
  });
  return { job, events };
}

/** Who wants one event of a job. */
export function targetsOf(
  job: IntakeJob,
  index: number,
  directory: SubscriptionDirectory,
): readonly Target[] {
  const event = job.events[index] as BellhopEvent;
  if (job.onlySubscriptionId === undefined) return directory.wanting(event, job.parsed?.[index]);
  const target = directory.target(job.onlySubscriptionId);
  return target === undefined ? [] : [target];
}
