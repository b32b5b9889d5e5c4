import type { ProvenCase } from '../case.js';

export const chaosCase: ProvenCase = {
  id: 'F37',
  name: 'tls',
  inject:
    'certificates that are self-signed, expired or for another name, old versions, handshakes that stall or break',
  expect: 'each has a name that begins with `tls_`, and nothing is sent in plain text',
  provenBy: { 'test/integration/outbound-http/tls.test.ts': [] },
};
