import { expect, test } from 'vitest';
import { Book } from './book.js';
import type { DeliveryEvidence, Evidence, Repaired } from './evidence.js';
import { judge, type Judgement } from './judgement.js';

const EVENT = '01a20404-71cd-721b-8d07-230c0f230be4';
const SUBSCRIPTION = '01a20404-0000-7000-8000-000000000001';
const ENDED = { status: 'discarded', reason: 'subscription_deleted', fence: 0, attempts: 0 } as const;

/** One event with a delivery that is over. */
function judged(repaired: readonly Repaired[]): Judgement {
  const book = new Book();
  book.accept(EVENT, 'a.b');
  const row: DeliveryEvidence = {
    ...ENDED,
    id: 'd',
    event_id: EVENT,
    subscription_id: SUBSCRIPTION,
    lease_in: null,
    due_in: null,
  };
  const evidence: Evidence = {
    events: new Set([EVENT]),
    inOutbox: new Set(),
    deliveries: [row],
    repaired,
    seen: new Map(),
  };
  const wishes = [{ subscriptionId: SUBSCRIPTION, type: 'a.b' }] as unknown as Parameters<
    typeof judge
  >[0]['wishes'];
  return judge({ book, wishes, evidence, rules: { mayRemain: ['discarded'] } });
}

test('a delivery that came to its end by itself is no fault', () => {
  expect(judged([])).toMatchObject({ faults: [], tally: { repaired: 0 } });
});

test('a delivery that only reconciliation brought on its way again is named as lost until then', () => {
  const { faults, tally } = judged([{ event_id: EVENT, kind: 'delivery_stuck' }]);
  expect(faults).toEqual([`I2: 1 lost until reconciliation repaired it (delivery_stuck): ${EVENT}`]);
  expect(tally.repaired).toBe(1);
});
