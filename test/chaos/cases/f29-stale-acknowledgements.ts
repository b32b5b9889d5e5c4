import { type ProvenCase } from '../case.js';

export const chaosCase: ProvenCase = {
  id: 'F29',
  name: 'stale-acknowledgements',
  inject: 'messages that are finished after their channel is gone',
  expect: 'no tag is named twice, and none of a closed channel',
  provenBy: { 'libs/messaging/src/amqp/ack-window.spec.ts': [] },
};
