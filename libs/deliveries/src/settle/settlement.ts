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
  /** The delivery whose request stood for this one as well; null for a request of its own. */
  readonly carriedBy: string | null;
}

/** An attempt that has ended, and whom it was made for. */
export interface EndedAttempt {
  readonly delivery: LeasedDelivery;
  readonly target: Pick<Target, 'url' | 'retry'>;
  readonly result: OutboundResult;
  readonly outcome: AttemptOutcome;
}

const NO_BYTES = Buffer.alloc(0);

type NextState = Pick<Settlement, 'status' | 'reason' | 'delayMs'>;

const DELIVERED: NextState = { status: 'delivered', reason: null, delayMs: null };
const SCHEDULE_OVER: NextState = { status: 'exhausted', reason: 'schedule_over', delayMs: null };

/** Decides a delivery's next state from an attempt's outcome. */
export function settlementOf(attempt: EndedAttempt): Settlement {
  const { verdict, errorType } = attempt.outcome;
  if (verdict === 'delivered') return settled(attempt, DELIVERED);
  if (verdict === 'permanent')
    return settled(attempt, { status: 'exhausted', reason: errorType, delayMs: null });
  const { delivery, target, result, outcome } = attempt;
  const delayMs = nextDelayMs({
    scheduleSeconds: target.retry?.scheduleSeconds ?? null,
    attemptsMade: delivery.attemptCount + 1,
    responseStatus: result.kind === 'response' ? result.status : null,
    retryAfterMs: outcome.retryAfterMs,
  });
  if (delayMs === null) return settled(attempt, SCHEDULE_OVER);
  return settled(attempt, { status: 'pending', reason: null, delayMs });
}

/**
 * What a request came to for a delivery that it stood for beside its own: the same, on the schedule of this one. The
 * answer is kept with the other.
 */
export function carriedBy(
  carrier: Settlement,
  delivery: LeasedDelivery,
  target: EndedAttempt['target'],
): Settlement {
  const { outcome } = carrier;
  const result = withoutAnswer(carrier.result);
  return { ...settlementOf({ delivery, target, result, outcome }), carriedBy: carrier.delivery.id };
}

function withoutAnswer(result: OutboundResult): OutboundResult {
  if (result.kind === 'failure') return result;
  return { ...result, headers: {}, body: NO_BYTES, bodyTruncated: false };
}

/** Written out, since it is made for every delivery: spreading the attempt costs as much as deciding it. */
function settled({ delivery, target, result, outcome }: EndedAttempt, next: NextState): Settlement {
  const { status, reason, delayMs } = next;
  return { delivery, url: target.url, result, outcome, status, reason, delayMs, carriedBy: null };
}
