import type { OutboundResult } from '#libs/outbound-http';
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

type Attempt = Pick<Settlement, 'delivery' | 'url' | 'result' | 'outcome'>;
type NextState = Pick<Settlement, 'status' | 'reason' | 'delayMs'>;

/** Decides a delivery's next state from an attempt's outcome. */
export function settlementOf(attempt: Attempt, scheduleSeconds: readonly number[] | null): Settlement {
  const { delivery, url, result, outcome } = attempt;
  const { status, reason, delayMs } = nextState(attempt, scheduleSeconds);
  return { delivery, url, result, outcome, status, reason, delayMs };
}

function nextState(
  { delivery, result, outcome }: Attempt,
  scheduleSeconds: readonly number[] | null,
): NextState {
  if (outcome.verdict === 'delivered') return { status: 'delivered', reason: null, delayMs: null };
  if (outcome.verdict === 'permanent')
    return { status: 'exhausted', reason: outcome.errorType, delayMs: null };
  const delayMs = nextDelayMs({
    scheduleSeconds,
    attemptsMade: delivery.attemptCount + 1,
    responseStatus: result.kind === 'response' ? result.status : null,
    retryAfterMs: outcome.retryAfterMs,
  });
  if (delayMs === null) return { status: 'exhausted', reason: 'schedule_over', delayMs };
  return { status: 'pending', reason: null, delayMs };
}
