import type { OutboundResult } from '#libs/outbound-http';
import type { Clock } from '../clock.js';
import { parseRetryAfter } from './retry-policy.js';

/** delivered: done · retryable: again, by the schedule · permanent: this receiver does not want it. */
export type AttemptVerdict = 'delivered' | 'retryable' | 'permanent';

/** What an attempt came to. A receiver's fault is a value here, never an exception. */
export interface AttemptOutcome {
  readonly verdict: AttemptVerdict;
  /** A word of docs/errors, null when delivered. */
  readonly errorType: string | null;
  readonly detail: string | null;
  readonly retryAfterMs: number | null;
  /** The receiver says that it is gone for good (410): the subscription is disabled. */
  readonly isGone: boolean;
}

const DELIVERED: AttemptOutcome = {
  verdict: 'delivered',
  errorType: null,
  detail: null,
  retryAfterMs: null,
  isGone: false,
};

/** Decides by the status line alone: 2xx delivers, 3xx is not followed and fails, 410 ends the subscription. */
export function judgeResult(result: OutboundResult, clock: Clock): AttemptOutcome {
  if (result.kind === 'failure') return retryable(result.errorType, result.detail, null);
  const { status } = result;
  if (status >= 200 && status < 300) {
    return DELIVERED;
  }
  const retryAfterMs = parseRetryAfter(result.headers['retry-after'], clock.now());
  if (status === 410) {
    const detail = 'The receiver answered 410 Gone: it wants no more events.';
    return { verdict: 'permanent', errorType: 'gone_disabled', detail, retryAfterMs: null, isGone: true };
  }
  if (status === 429) return retryable('rate_limited', 'The receiver answered 429.', retryAfterMs);
  if (status >= 300 && status < 400) {
    const location = result.headers['location'];
    const detail = `The receiver answered ${status}${location === undefined ? '' : ` to ${location.slice(0, 200)}`}; redirects are not followed.`;
    return retryable('redirect_not_followed', detail, retryAfterMs);
  }
  return retryable(
    status >= 500 ? 'status_5xx' : 'status_4xx',
    `The receiver answered ${status}.`,
    retryAfterMs,
  );
}

function retryable(errorType: string, detail: string, retryAfterMs: number | null): AttemptOutcome {
  return { verdict: 'retryable', errorType, detail, retryAfterMs, isGone: false };
}
