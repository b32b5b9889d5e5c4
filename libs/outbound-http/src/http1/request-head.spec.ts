import fc from 'fast-check';
import { expect, test } from 'vitest';
import { requestHead, targetLines } from './request-head.js';

const LINES = targetLines('/hook?a=1', 'example.com:8080');
const START =
  'POST /hook?a=1 HTTP/1.1\r\nhost: example.com:8080\r\nconnection: keep-alive\r\naccept-encoding: identity\r\n';

const headWith = (headers: Record<string, string>, more: { method?: string; bodyBytes?: number } = {}) =>
  requestHead({ method: 'POST', bodyBytes: 2, targetLines: LINES, userAgent: 'ours', headers, ...more });

test('names keep their case, and bodies are asked for as they are', () => {
  expect(headWith({ 'X-Signature': 'a', 'User-Agent': 'Guestbook/1' })).toBe(
    `${START}X-Signature: a\r\nUser-Agent: Guestbook/1\r\ncontent-length: 2\r\n\r\n`,
  );
});

test('who sends no user agent gets ours', () => {
  expect(headWith({})).toBe(`${START}user-agent: ours\r\ncontent-length: 2\r\n\r\n`);
});

test('a POST always says how long its body is, the others only if there is one', () => {
  expect(headWith({}, { bodyBytes: 0 })).toContain('content-length: 0\r\n');
  expect(headWith({}, { method: 'GET', bodyBytes: 0 })).not.toContain('content-length');
  expect(headWith({}, { method: 'OPTIONS', bodyBytes: 3 })).toContain('content-length: 3\r\n');
});

test('headers that frame or route the message are left out, however they are spelled', () => {
  const names = [
    'Host',
    'HOST',
    'Content-Length',
    'Transfer-Encoding',
    'Connection',
    'TE',
    'Upgrade',
    'Expect',
    'Accept-Encoding',
  ];
  for (const name of names) expect(headWith({ [name]: 'x' })).toEqual(headWith({}));
});

test.each([
  ['a line break in a value', { a: 'b\r\nc: d' }],
  ['a line feed in a value', { a: 'b\nc: d' }],
  ['NUL in a value', { a: 'b\0' }],
  ['a letter beyond latin1, whose lower byte could be a line feed', { a: 'b\u010a' }],
  ['a line break in a name', { 'a\r\nb': 'c' }],
  ['a colon in a name', { 'a:b': 'c' }],
  ['a space in a name', { 'a b': 'c' }],
  ['an empty name', { '': 'c' }],
])('%s is refused', (_what, headers) => {
  expect(headWith(headers)).toBeNull();
});

test('whatever the headers are, the head has the lines that belong to it and no others', () => {
  const text = fc.string({ unit: 'binary', maxLength: 12 });
  fc.assert(
    fc.property(fc.dictionary(text, text, { noNullPrototype: true }), (headers) => {
      const head = headWith(headers);
      if (head === null) return;
      const lines = head.split('\r\n');
      expect(lines.slice(-2)).toEqual(['', '']);
      expect(lines.length).toBeLessThanOrEqual(4 + Object.keys(headers).length + 4);
      for (const line of lines.slice(1, -2)) expect(line).toMatch(/^[^\s:]+: [^\r\n\0]*$/);
      expect(Buffer.from(head, 'latin1').toString('latin1')).toBe(head);
    }),
  );
});
