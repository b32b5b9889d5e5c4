import { expect, test } from 'vitest';
import { ChunkedBody } from './chunked-body.js';

function read(text: string, piece = text.length): { state: string; body: string; taken: number } {
  let body = '';
  const chunks = new ChunkedBody({ onBody: (bytes) => (body += bytes.toString('latin1')) !== 'stop' });
  for (let at = 0; at < text.length && chunks.state === 'open'; at += piece)
    chunks.push(Buffer.from(text.slice(at, at + piece), 'latin1'));
  return { state: chunks.state, body, taken: chunks.taken };
}

test.each<[string, string]>([
  ['0\r\n\r\n', ''],
  ['2\r\nok\r\n0\r\n\r\n', 'ok'],
  ['2\r\nok\r\nA\r\n0123456789\r\n00\r\n\r\n', 'ok0123456789'],
  ['2\r\n\r\n\r\n0\r\n\r\n', '\r\n'],
  ['2;a=b;c="d e"\r\nok\r\n0;last\r\n\r\n', 'ok'],
  ['2\r\nok\r\n0\r\nDigest: abc\r\nx: y\r\n\r\n', 'ok'],
])('%j is read whole, byte by byte too', (text, body) => {
  expect(read(text)).toEqual({ state: 'complete', body, taken: text.length });
  expect(read(text, 1)).toMatchObject({ state: 'complete', body });
});

test.each([
  '\r\n',
  'zz\r\n',
  '-1\r\nx',
  '0x2\r\nok',
  '2 \r\nok',
  ' 2\r\nok',
  '2\nok\r\n0\r\n\r\n',
  '2\r\nokX\r\n0\r\n\r\n',
  '2\r\nok\n0\r\n\r\n',
  '2;a\0\r\nok\r\n',
  '2;a\rb\r\nok\r\n',
  '12345678901234\r\n',
  `2;${'a'.repeat(1100)}`,
  '0\r\nno colon\r\n\r\n',
  '0\r\na: b\n\r\n',
  `0\r\n${'a: b\r\n'.repeat(3000)}`,
  `0\r\na: ${'b'.repeat(17_000)}`,
])('%j is faulty, byte by byte too', (text) => {
  expect(read(text).state).toBe('faulty');
  expect(read(text, 1).state).toBe('faulty');
});

test('what follows the body is not taken', () => {
  expect(read('0\r\n\r\nHTTP/1.1 500 Injected')).toEqual({ state: 'complete', body: '', taken: 5 });
});

test('who has enough gets no more', () => {
  expect(read('4\r\nstop\r\n2\r\nok\r\n0\r\n\r\n')).toEqual({ state: 'unwanted', body: 'stop', taken: 7 });
});
