import { type ProvenCase } from '../case.js';

export const chaosCase: ProvenCase = {
  id: 'F45',
  name: 'herd-of-retries',
  inject: '10,000 retries that fall due in the same second',
  expect: 'they spread evenly over the whole window (χ²), and no receiver gets more at once than its cap',
  provenBy: {
    'libs/deliveries/src/settle/retry-spread.spec.ts': [],
    'test/integration/deliveries/fairness.test.ts': [
      'a first attempt finds room beside any number of retries',
      'a cap that is changed holds from then on',
      'what was held during a pause does not come as a herd',
    ],
  },
};
