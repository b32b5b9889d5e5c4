import { expect, test } from 'vitest';
import { pauseAfter, REDELIVERY } from './redelivery.js';

test('pauses grow, never pass the cap and are never nothing', () => {
  for (let deliveries = 1; deliveries < 100; deliveries += 1) {
    const full = Math.min(5000, 250 * 2 ** (deliveries - 1));
    const pause = pauseAfter(deliveries, REDELIVERY);
    expect(pause).toBeGreaterThanOrEqual(full * 0.75);
    expect(pause).toBeLessThanOrEqual(full);
  }
});

test('the pauses before a message is given up outlast a database restart of three minutes', () => {
  let total = 0;
  for (let deliveries = 1; deliveries < REDELIVERY.limit; deliveries += 1)
    total += pauseAfter(deliveries, REDELIVERY);
  expect(total).toBeGreaterThan(160_000);
});
