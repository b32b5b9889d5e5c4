import type { BellhopEvent } from '#libs/events';
import { newId } from '#libs/kernel';
import type { SubscriptionDirectory, Target } from '#libs/subscriptions';
import type { LeasedDelivery } from '../dispatch/delivery-frame.js';
import { framedEvent } from '../dispatch/framed-event.js';
import type { IntakeJob } from './intake-job.js';

/** A lease outlasts the attempt by this; within it the outcome must be written. */
export const LEASE_MARGIN_MS = 10_000;

/** A delivery row to be: leased (`leaseMs` > 0) when it goes to a dispatcher at once. */
export interface PlannedDelivery {
  readonly delivery: LeasedDelivery;
  readonly isHeld: boolean;
  readonly leaseMs: number;
}

export type DeliveryPlan = ReadonlyMap<IntakeJob, readonly PlannedDelivery[]>;

/** One delivery for every match of every event; those of a paused subscription are held. */
export function planDeliveries(
  jobs: readonly IntakeJob[],
  directory: SubscriptionDirectory,
  isOpen: boolean,
): DeliveryPlan {
  return new Map(
    jobs.map((job) => [job, job.events.flatMap((event) => planEvent(job, event, directory, isOpen))]),
  );
}

function planEvent(
  job: IntakeJob,
  event: BellhopEvent,
  directory: SubscriptionDirectory,
  isOpen: boolean,
): PlannedDelivery[] {
  const framed = framedEvent(event);
  return targetsOf(job, event, directory).map((target) => {
    const isHeld = target.status === 'paused';
    const leaseMs = isOpen && !isHeld ? target.timeoutMs + LEASE_MARGIN_MS : 0;
    const ids = { id: newId(), subscriptionId: target.id };
    return {
      delivery: { ...ids, fence: 1, attemptCount: 0, leaseUntilMs: 0, event: framed },
      isHeld,
      leaseMs,
    };
  });
}

function targetsOf(job: IntakeJob, event: BellhopEvent, directory: SubscriptionDirectory): readonly Target[] {
  if (job.onlySubscriptionId === undefined) return directory.matching(event.tenantId, event.type);
  const target = directory.target(job.onlySubscriptionId);
  return target === undefined ? [] : [target];
}

/** How many deliveries each event makes, by the event's id. */
export function deliveriesPerEvent(planned: readonly PlannedDelivery[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { delivery } of planned) counts.set(delivery.event.id, (counts.get(delivery.event.id) ?? 0) + 1);
  return counts;
}
