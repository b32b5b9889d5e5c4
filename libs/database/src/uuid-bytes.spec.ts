import fc from 'fast-check';
import { expect, test } from 'vitest';
import { writeUuid } from './uuid-bytes.js';

test('the bytes of every UUID are those that its text names', () => {
  const property = fc.property(fc.uuid(), fc.nat(4), (uuid, at) => {
    const bytes = Buffer.alloc(20);
    writeUuid(uuid, bytes, at);
    expect(bytes.subarray(at, at + 16).toString('hex')).toBe(uuid.replaceAll('-', ''));
  });
  fc.assert(property);
});
