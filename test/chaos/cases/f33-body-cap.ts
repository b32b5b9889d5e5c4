import type { ProvenCase } from '../case.js';

export const chaosCase: ProvenCase = {
  id: 'F33',
  name: 'body-cap',
  inject: 'an endless body in chunks',
  expect: 'read up to the cap and not a byte more is kept; the socket is destroyed',
  provenBy: {
    'test/integration/outbound-http/answers.test.ts': [
      'an endless body is read up to the cap',
      'a body of exactly the cap is whole',
    ],
    'test/integration/deliveries/path-of-an-event.test.ts': ['a body of 16 KiB and more is cut'],
  },
};
