import { expect, test } from 'vitest';
import type { OutboundResult } from '#libs/outbound-http';
import { SystemClock } from '../clock.js';
import { judgeResult } from './attempt-outcome.js';

function answer(status: number, control?: string): OutboundResult {
  return {
    kind: 'response',
    status,
    headers: control === undefined ? {} : { 'webhook-delivery': control },
    body: Buffer.alloc(0),
    bodyTruncated: false,
    startedAt: new Date(),
    durationMs: 1,
    timings: { resolveMs: null, connectMs: null, tlsMs: null, firstByteMs: 1, totalMs: 1 },
    remoteAddress: null,
    retriedConnection: false,
  };
}

test.each([
  [200, undefined, 'delivered', null, false],
  [299, undefined, 'delivered', null, false],
  [200, 'disable', 'delivered', null, true],
  [200, 'abort-message', 'delivered', null, false],
  [410, undefined, 'permanent', 'gone_disabled', true],
  [503, 'disable', 'permanent', 'gone_disabled', true],
  [400, 'abort-message', 'permanent', 'aborted_by_receiver', false],
  [400, 'something-else', 'retryable', 'status_4xx', false],
  [429, undefined, 'retryable', 'rate_limited', false],
  [301, undefined, 'retryable', 'redirect_not_followed', false],
  [599, undefined, 'retryable', 'status_5xx', false],
] as const)('%i with webhook-delivery: %s is %s (%s)', (status, control, verdict, errorType, isGone) => {
  const outcome = judgeResult(answer(status, control), new SystemClock());
  expect(outcome).toMatchObject({ verdict, errorType, isGone });
});
