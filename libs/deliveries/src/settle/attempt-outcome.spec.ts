import { expect, test } from 'vitest';
import type { OutboundResult } from '#libs/outbound-http';
import { dialectOf } from '#libs/signing';
import { SystemClock } from '../clock.js';
import { judgeResult } from './attempt-outcome.js';

const standard = dialectOf({ profile: 'standard' }, '').transport;

function answer(status: number, control?: string, text = ''): OutboundResult {
  return {
    kind: 'response',
    status,
    headers: control === undefined ? {} : { 'webhook-delivery': control },
    body: Buffer.from(text),
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
  const outcome = judgeResult(answer(status, control), new SystemClock(), standard);
  expect(outcome).toMatchObject({ verdict, errorType, isGone });
});

test.each([
  [200, 'app-1', 'delivered', null],
  [200, ' app-1\r\n', 'delivered', null],
  [200, 'ok', 'retryable', 'unexpected_answer'],
  [200, '', 'retryable', 'unexpected_answer'],
  [201, 'app-1', 'retryable', 'unexpected_answer'],
  [500, 'app-1', 'retryable', 'status_5xx'],
] as const)('where an answer is expected, %i with %j is %s', (status, text, verdict, errorType) => {
  const config = { appId: 'app-1', account: '593652' };
  const { transport } = dialectOf({ profile: 'kloudless', profileConfig: config }, '');
  const outcome = judgeResult(answer(status, undefined, text), new SystemClock(), transport);
  expect(outcome).toMatchObject({ verdict, errorType });
});
