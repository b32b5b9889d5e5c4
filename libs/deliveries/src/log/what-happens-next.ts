import type { DeliveryStatus } from '../entities/delivery.entity.js';

export interface DeliveryState {
  readonly status: DeliveryStatus;
  readonly reason: string | null;
  readonly attemptCount: number;
  readonly nextAttemptAt: Date | null;
  readonly isHeld: boolean;
  readonly isLeased: boolean;
  readonly subscriptionStatus: string | null;
  readonly lastError: string | null;
  /** When a circuit that holds it back lets a probe through; null when none does. */
  readonly probeAt: Date | null;
  /** The rate limit that it waits for, a second; null when it does not. */
  readonly rateLimit: number | null;
}

const REASONS: Readonly<Record<string, string>> = {
  gone_disabled: 'the receiver said that it is gone, which disabled the subscription',
  aborted_by_receiver: 'the receiver said that it never wants this one',
  schedule_over: 'the retry schedule is over',
  subscription_deleted: 'the subscription was deleted',
};

/** What happens to a delivery next, and why, in one plain sentence. */
export function whatHappensNext(state: DeliveryState): string {
  switch (state.status) {
    case 'delivered':
      return `Nothing: it was delivered at attempt ${state.attemptCount}.`;
    case 'exhausted':
      return `Nothing by itself: ${reasonOf(state)} after ${attempts(state)}. Retry it with POST /v1/deliveries/{id}/retry.`;
    case 'discarded':
      return `Nothing: ${reasonOf(state)}, so nobody wants it any more.`;
    case 'pending':
      return pending(state);
  }
}

function pending(state: DeliveryState): string {
  const { nextAttemptAt, attemptCount, lastError, subscriptionStatus } = state;
  if (state.isHeld)
    return `It waits: the subscription is ${subscriptionStatus ?? 'not active'}. Resume it to send it.`;
  const number = attemptCount + 1;
  if (state.isLeased) return `Attempt ${number} is on its way.`;
  if (state.probeAt !== null) {
    return `Attempt ${number} waits: the receiver failed again and again. One delivery of its subscription is tried at ${state.probeAt.toISOString()}, and if it is taken the others follow. Retry one to try at once.`;
  }
  if (state.rateLimit !== null) {
    return `Attempt ${number} waits for its turn: the subscription takes ${state.rateLimit} requests a second.`;
  }
  const why =
    attemptCount === 0
      ? 'it has not been tried yet'
      : `attempt ${attemptCount} failed (${lastError ?? 'unknown'})`;
  return `Attempt ${number} is due at ${nextAttemptAt?.toISOString() ?? 'once'}, because ${why}.`;
}

function reasonOf({ reason }: DeliveryState): string {
  return REASONS[reason ?? ''] ?? reason ?? 'the schedule is over';
}

function attempts({ attemptCount }: DeliveryState): string {
  return attemptCount === 1 ? '1 attempt' : `${attemptCount} attempts`;
}
