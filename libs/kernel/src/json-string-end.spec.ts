import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonStringEnd } from './json-string-end.js';

test('any string ends where JSON says, whatever is before and after it', () => {
  const text = fc.string({ unit: fc.constantFrom('"', '\\', 'a', 'é', '\n', '{') });
  fc.assert(
    fc.property(text, text, text, (before, value, after) => {
      const start = Buffer.from(JSON.stringify(before));
      const quoted = Buffer.from(JSON.stringify(value));
      const json = Buffer.concat([start, quoted, Buffer.from(after)]);
      expect(jsonStringEnd(json, start.length)).toBe(start.length + quoted.length);
    }),
  );
});

test.each(['"', '"open', '"a\\"', '"a\\\\\\"'])('what is never closed ends with the text: %s', (json) => {
  expect(jsonStringEnd(Buffer.from(json), 0)).toBe(json.length);
});
