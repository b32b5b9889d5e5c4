import { describeInMode } from './modes.js';
import { brokerScenarios, crashScenarios } from './scenarios/crash.js';
import { deliveryScenarios } from './scenarios/delivery.js';
import { guestbookScenarios } from './scenarios/guestbook.js';
import { threadScenarios } from './scenarios/threads.js';

describeInMode('full', (stage) => {
  deliveryScenarios(stage);
  guestbookScenarios(stage);
  threadScenarios(stage);
  crashScenarios(stage);
  brokerScenarios(stage);
});
