import type { OutboundResult } from '#libs/outbound-http';
import { isTaken, type Transport } from '#libs/signing';
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
  /** The receiver wants nothing more, now or ever (410, or `webhook-delivery: disable`): the subscription is disabled. */
  readonly isGone: boolean;
}

const DELIVERED: AttemptOutcome = {
  verdict: 'delivered',
  errorType: null,
  detail: null,
  retryAfterMs: null,
  isGone: false,
};

/** Delivered, and the last one that the receiver wants. */
const DELIVERED_AND_GONE: AttemptOutcome = { ...DELIVERED, isGone: true };

/** By which a receiver says that no retry is of use: `disable` the subscription, or `abort-message`, this one alone. */
const CONTROL_HEADER = 'webhook-delivery';

/**
 * Decides by the status line and the headers: 2xx delivers, 3xx is not followed and fails, 410 ends the subscription,
 * and so does `webhook-delivery: disable` with any status. Only where a transport expects an answer does its body count.
 */
export function judgeResult(
  result: OutboundResult,
  clock: Clock,
  transport: Pick<Transport, 'expectedAnswer' | 'accepts'>,
): AttemptOutcome {
  if (result.kind === 'failure') return retryable(result.errorType, result.detail, null);
  const { status } = result;
  const control = result.headers[CONTROL_HEADER];
  if (status >= 200 && status < 300) {
    if (transport.expectedAnswer !== null && !isTaken(transport, result)) return unexpected();
    return control === 'disable' ? DELIVERED_AND_GONE : DELIVERED;
  }
  if (control === 'disable')
    return gone(`The receiver answered ${status} with ${CONTROL_HEADER}: disable: it wants no more events.`);
  if (status === 410) return gone('The receiver answered 410 Gone: it wants no more events.');
  if (control === 'abort-message') return aborted(status);
  const retryAfterMs = parseRetryAfter(result.headers['retry-after'], clock.now());
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

function unexpected(): AttemptOutcome {
  const detail =
    'The answer is not the text that receivers of this profile must answer, such as their application id.';
  return retryable('unexpected_answer', detail, null);
}

function gone(detail: string): AttemptOutcome {
  return { verdict: 'permanent', errorType: 'gone_disabled', detail, retryAfterMs: null, isGone: true };
}

function aborted(status: number): AttemptOutcome {
  const detail = `The receiver answered ${status} with ${CONTROL_HEADER}: abort-message: it never wants this one.`;
  return {
    verdict: 'permanent',
    errorType: 'aborted_by_receiver',
    detail,
    retryAfterMs: null,
    isGone: false,
  };
}

function retryable(errorType: string, detail: string, retryAfterMs: number | null): AttemptOutcome {
  return { verdict: 'retryable', errorType, detail, retryAfterMs, isGone: false };
}
