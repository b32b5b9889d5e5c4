import type { ProvenCase } from '../case.js';

export const chaosCase: ProvenCase = {
  id: 'F36',
  name: 'malformed',
  inject: 'answers that are no HTTP, two dozen made by hand and a hundred at random',
  expect: 'each has a name, settles once and within the deadline, and nothing crashes',
  provenBy: {
    'test/integration/outbound-http/answers.test.ts': [],
    'test/integration/outbound-http/engine.test.ts': ['whatever a receiver sends'],
  },
};
