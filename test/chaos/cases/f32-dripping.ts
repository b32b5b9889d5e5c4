import type { ProvenCase } from '../case.js';

export const chaosCase: ProvenCase = {
  id: 'F32',
  name: 'dripping',
  inject: 'headers or a body that come byte by byte',
  expect: 'the deadline is that of the whole, not of silence',
  provenBy: {
    'test/integration/outbound-http/deadlines.test.ts': ['headers that drip', 'a body that drips'],
    'test/integration/outbound-http/answers.test.ts': [
      'a body that drips is not read on when the status has decided',
    ],
  },
};
