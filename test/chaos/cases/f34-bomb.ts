import type { ProvenCase } from '../case.js';

export const chaosCase: ProvenCase = {
  id: 'F34',
  name: 'bomb',
  inject: 'a small compressed body that would be megabytes',
  expect: 'never decompressed: kept as it came',
  provenBy: { 'test/integration/outbound-http/answers.test.ts': ['a compressed body is kept as it came'] },
};
