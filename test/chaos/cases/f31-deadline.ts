import type { ProvenCase } from '../case.js';

export const chaosCase: ProvenCase = {
  id: 'F31',
  name: 'deadline',
  inject: 'SIGSTOP of a receiver, which goes on accepting connections',
  expect: '`timeout_headers` at the deadline, to within 5 %',
  provenBy: {
    'test/integration/outbound-http/deadlines.test.ts': [
      'a receiver that never answers',
      'a stopped process that still accepts',
    ],
    'test/integration/deliveries/fairness.test.ts': ['a subscriber that hangs holds up nobody else'],
  },
};
