import { expect, test } from 'vitest';
import type { OutboundResult } from '#libs/outbound-http';
import type { LeasedDelivery } from '../dispatch/delivery-frame.js';
import type { AttemptOutcome } from './attempt-outcome.js';
import { carriedBy, settlementOf } from './settlement.js';

const target = { url: 'https://hooks.example.org/in', retry: { scheduleSeconds: [10, 1000] } };
const failed: AttemptOutcome = {
  verdict: 'retryable',
  errorType: 'status_5xx',
  detail: 'The receiver answered 500.',
  retryAfterMs: null,
  isGone: false,
};
const result = {
  kind: 'response',
  status: 500,
  headers: { server: 'it' },
  body: Buffer.from('a long page'),
  bodyTruncated: true,
} as unknown as OutboundResult;

const delivery = (id: string, attemptCount: number): LeasedDelivery => ({
  id,
  attemptCount,
  subscriptionId: 's',
  fence: 1,
  leaseUntilMs: 0,
  event: { id: 'e', tenantId: 't', type: 'a.b', subject: null, timestamp: new Date(), data: null },
});

test('what another request came to counts for a delivery on its own schedule, and the answer is kept once', () => {
  const carrier = settlementOf({ delivery: delivery('one', 0), target, result, outcome: failed });
  expect(carrier).toMatchObject({ status: 'pending', carriedBy: null, result });
  const later = carriedBy(carrier, delivery('two', 1), target);
  expect(later).toMatchObject({ status: 'pending', carriedBy: 'one', outcome: failed });
  expect(carrier.delayMs).toBeLessThanOrEqual(15_000);
  expect(later.delayMs).toBeGreaterThanOrEqual(500_000);
  expect(later.result).toMatchObject({
    status: 500,
    headers: {},
    body: Buffer.alloc(0),
    bodyTruncated: false,
  });
  expect(carriedBy(carrier, delivery('three', 2), target)).toMatchObject({
    status: 'exhausted',
    reason: 'schedule_over',
    delayMs: null,
  });
});
