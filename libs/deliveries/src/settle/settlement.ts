import type { OutboundResult } from '#libs/outbound-http';
import type { Target } from '#libs/subscriptions';
import type { LeasedDelivery } from '../dispatch/delivery-frame.js';
import type { DeliveryStatus } from '../entities/delivery.entity.js';
import type { AttemptOutcome } from './attempt-outcome.js';
import { nextDelayMs } from './retry-policy.js';

/** The end of one attempt: what was seen, and what the delivery becomes. */
export interface Settlement {
  readonly delivery: LeasedDelivery;
  readonly url: string;
  readonly result: OutboundResult;
  readonly outcome: AttemptOutcome;
  readonly status: DeliveryStatus;
  readonly reason: string | null;
  /** Until the next attempt; null when there is none. */
  readonly delayMs: number | null;
}

/** An attempt that has ended, and whom it was made for. */
export interface EndedAttempt {
  readonly delivery: LeasedDelivery;
  readonly target: Pick<Target, 'url' | 'retry'>;
  readonly result: OutboundResult;
  readonly outcome: AttemptOutcome;
}

/** Decides a delivery's next state from an attempt's outcome. */
export function settlementOf(attempt: EndedAttempt): Settlement {
  const { delivery, target, result, outcome } = attempt;
  const settled = { delivery, url: target.url, result, outcome };
  if (outcome.verdict === 'delivered') {
    return { ...settled, status: 'delivered', reason: null, delayMs: null };
  }
  if (outcome.verdict === 'permanent') {
    return { ...settled, status: 'exhausted', reason: outcome.errorType, delayMs: null };
  }
  const delayMs = nextDelayMs({
    scheduleSeconds: target.retry?.scheduleSeconds ?? null,
    attemptsMade: delivery.attemptCount + 1,
    responseStatus: result.kind === 'response' ? result.status : null,
    retryAfterMs: outcome.retryAfterMs,
  });
  if (delayMs === null) return { ...settled, status: 'exhausted', reason: 'schedule_over', delayMs };
  return { ...settled, status: 'pending', reason: null, delayMs };
}
