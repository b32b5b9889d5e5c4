import { describeInMode } from './modes.js';
import { crashScenarios, orphanScenarios } from './scenarios/crash.js';
import { deliveryScenarios } from './scenarios/delivery.js';
import { guestbookScenarios } from './scenarios/guestbook.js';
import { threadScenarios } from './scenarios/threads.js';

describeInMode('embedded', (stage) => {
  deliveryScenarios(stage);
  guestbookScenarios(stage);
  threadScenarios(stage);
  crashScenarios(stage);
  orphanScenarios(stage);
});
