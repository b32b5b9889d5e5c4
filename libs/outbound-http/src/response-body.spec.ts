import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ResponseBody } from './response-body.js';

test('a body is what was added, up to the cap, however often it was added', () => {
  const chunks = fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 20 });
  fc.assert(
    fc.property(chunks, fc.integer({ min: 0, max: 200 }), (parts, cap) => {
      const body = new ResponseBody(cap);
      const fits = parts.map((part) => {
        const lent = Buffer.from(part);
        const isAll = body.add(lent);
        lent.fill(0);
        return isAll;
      });
      const whole = Buffer.concat(parts);
      expect(body.take()).toEqual(whole.subarray(0, cap));
      expect(fits.every(Boolean)).toBe(whole.length <= cap);
    }),
  );
});
