import type { ProvenCase } from '../case.js';

export const chaosCase: ProvenCase = {
  id: 'F35',
  name: 'broken-off',
  inject: 'a reset in the headers, in the body, and after a 2xx',
  expect:
    'before the status it is a failure with a name; after it the status stands and the body is marked as cut',
  provenBy: {
    'test/integration/outbound-http/answers.test.ts': [
      'close in the status line is named',
      'close in the headers is named',
      'reset at once is named',
      'reset in the headers is named',
      'a bad chunk leaves the status standing',
      'a close before the end leaves the status standing',
      'a reset before the end leaves the status standing',
    ],
    'test/integration/outbound-http/connections.test.ts': [
      'a request is never sent again once the receiver has begun to answer',
      'a request on a new connection is never sent twice',
    ],
  },
};
