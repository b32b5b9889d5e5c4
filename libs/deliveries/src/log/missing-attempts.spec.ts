import { expect, test } from 'vitest';
import { missingAttempts } from './missing-attempts.js';

test.each([
  ['nothing while it was not tried', 0, [], null],
  ['nothing while all are there', 2, [1, 2], null],
  ['that the only one is gone', 1, [], 'Attempt 1 is no longer in the log: attempts are kept for 30 days.'],
  ['that all are gone', 12, [], 'Attempts 1 to 12 are no longer in the log: attempts are kept for 30 days.'],
  [
    'which are gone of a delivery that was sent again later',
    3,
    [3],
    'Attempts 1 to 2 are no longer in the log: attempts are kept for 30 days.',
  ],
])('a delivery says %s', (_, attemptCount, kept, sentence) => {
  const attempts = kept.map((number) => ({ number }));
  expect(missingAttempts(attemptCount, attempts, 30)).toBe(sentence);
});
