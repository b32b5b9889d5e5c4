import { expect, test } from 'vitest';
import { type DeliveryState, whatHappensNext } from './what-happens-next.js';

const AT = new Date('2026-11-22T10:00:00Z');
const pending: DeliveryState = {
  status: 'pending',
  reason: null,
  attemptCount: 0,
  nextAttemptAt: AT,
  isHeld: false,
  isLeased: false,
  subscriptionStatus: 'active',
  lastError: null,
  probeAt: null,
  rateLimit: null,
};

test.each<[string, Partial<DeliveryState>]>([
  ['Attempt 1 is due at 2026-11-22T10:00:00.000Z, because it has not been tried yet.', {}],
  [
    'Attempt 3 is due at 2026-11-22T10:00:00.000Z, because attempt 2 failed (status_5xx).',
    { attemptCount: 2, lastError: 'status_5xx' },
  ],
  ['Attempt 1 is on its way.', { isLeased: true, probeAt: AT }],
  [
    'It waits: the subscription is paused. Resume it to send it.',
    { isHeld: true, subscriptionStatus: 'paused', rateLimit: 5 },
  ],
  [
    'Attempt 1 waits: the receiver failed again and again. One delivery of its subscription is tried at 2026-11-22T10:00:00.000Z, and if it is taken the others follow. Retry one to try at once.',
    { probeAt: AT, rateLimit: 5 },
  ],
  ['Attempt 1 waits for its turn: the subscription takes 5 requests a second.', { rateLimit: 5 }],
  ['Nothing: it was delivered at attempt 2.', { status: 'delivered', attemptCount: 2 }],
  [
    'Nothing by itself: the retry schedule is over after 1 attempt. Retry it with POST /v1/deliveries/{id}/retry.',
    { status: 'exhausted', reason: 'schedule_over', attemptCount: 1 },
  ],
  [
    'Nothing: the subscription was deleted, so nobody wants it any more.',
    { status: 'discarded', reason: 'subscription_deleted' },
  ],
])('%s', (sentence, state) => {
  expect(whatHappensNext({ ...pending, ...state })).toBe(sentence);
});
