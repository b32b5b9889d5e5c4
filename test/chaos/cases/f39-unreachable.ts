import type { ProvenCase } from '../case.js';

export const chaosCase: ProvenCase = {
  id: 'F39',
  name: 'unreachable',
  inject: 'a port that refuses, and a host that does not take the connection',
  expect: 'each has a name, the second at the deadline; another address of the name is tried',
  provenBy: {
    'test/integration/outbound-http/deadlines.test.ts': [
      'nothing listening is refused at once',
      'a host that does not take the connection',
    ],
    'test/integration/outbound-http/names.test.ts': ['an address that does not answer is passed over'],
  },
};
