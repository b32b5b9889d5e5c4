import { expect, test } from 'vitest';
import { preservicaEnvelope } from './preservica.envelope.js';

const SUBSCRIPTION = '9495ddbf-7d4a-0b9f-030a-3411c87f967d';
const config = { trigger: 'FULL_TEXT_INDEXED', tenant: 'BRAMA', version: '6.10' } as const;
const bodyOf = (data: object, more: object = {}): string =>
  preservicaEnvelope({ ...config, ...more }, SUBSCRIPTION)
    .body({
      id: '01900000-0000-7000-8000-000000000002',
      tenantId: '01900000-0000-7000-8000-000000000001',
      type: 'guestbook.entry.created',
      subject: null,
      timestamp: new Date('2023-10-11T10:52:42.469Z'),
      data: Buffer.from(JSON.stringify(data)),
    })
    .toString();

test('the body is that of the seed document, to the byte', () => {
  expect(bodyOf({ entityRef: '7fdea7e0-1e72-4fb1-aadb-d7f9ee6ed8c2' })).toBe(
    '{"subscriptionId":"9495ddbf7d4a0b9f030a3411c87f967d","timestamp":"2023-10-11T10:52:42.469","tenant":"BRAMA",' +
      '"version":"6.10","events":[{"event":"FullTextIndexed","entityType":"IO",' +
      '"entityRef":"7fdea7e0-1e72-4fb1-aadb-d7f9ee6ed8c2","identifiers":[]}],"trigger":"FULL_TEXT_INDEXED"}',
  );
});

test.each([
  [[{ BatchId: 'b1' }, { Shelf: 's1' }], '[{"BatchId":"b1"},{"Shelf":"s1"}]'],
  [[{ BatchId: 'b1', Shelf: 's1' }], '[{"BatchId":"b1"},{"Shelf":"s1"}]'],
  [{ BatchId: 'b1', Shelf: 's1' }, '[{"BatchId":"b1"},{"Shelf":"s1"}]'],
  ['b1', '[]'],
  [['b1', null, []], '[]'],
])('identifiers %j are objects of one member each', (identifiers, expected) => {
  expect(bodyOf({ id: '1', identifiers })).toContain(`"identifiers":${expected}`);
  expect(bodyOf({ id: '1', identifiers }, { identifiers: false })).toContain('"identifiers":[]');
});
