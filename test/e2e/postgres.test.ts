import { describeInMode } from './modes.js';
import { crashScenarios } from './scenarios/crash.js';
import { deliveryScenarios } from './scenarios/delivery.js';
import { guestbookScenarios } from './scenarios/guestbook.js';

describeInMode('postgres', (stage) => {
  deliveryScenarios(stage);
  guestbookScenarios(stage);
  crashScenarios(stage);
});
