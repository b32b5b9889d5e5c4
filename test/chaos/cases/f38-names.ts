import type { ProvenCase } from '../case.js';

export const chaosCase: ProvenCase = {
  id: 'F38',
  name: 'names',
  inject:
    'names that do not exist, time out, are empty, refer to themselves, have 500 addresses, flip to or contain an inner one',
  expect: 'each has a name, `dns_…` or `blocked_address`; no connection to a bad address is opened',
  provenBy: { 'test/integration/outbound-http/names.test.ts': [] },
};
