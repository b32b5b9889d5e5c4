import { expect, test } from 'vitest';
import { RequestReader } from './request-reader.js';

function read(chunks: readonly Buffer[]): { path: string; body: string }[] {
  const found: { path: string; body: string }[] = [];
  const reader = new RequestReader(({ path, bytes, bodyFrom, bodyTo }) =>
    found.push({ path, body: bytes.toString('latin1', bodyFrom, bodyTo) }),
  );
  for (const chunk of chunks) {
    const lent = Buffer.from(chunk);
    reader.push(lent);
    lent.fill(0);
  }
  return found;
}

const TWO = Buffer.from(
  'POST /ok/a/1 HTTP/1.1\r\nhost: x\r\nContent-Length: 5\r\n\r\nhelloPOST /ok/a/2 HTTP/1.1\r\ncontent-length:3\r\n\r\nyou',
);
const REQUESTS = [
  { path: '/ok/a/1', body: 'hello' },
  { path: '/ok/a/2', body: 'you' },
];

test('requests that come together are told apart', () => {
  expect(read([TWO])).toEqual(REQUESTS);
});

test('requests that come byte by byte are put together', () => {
  expect(read([...TWO].map((byte) => Buffer.from([byte])))).toEqual(REQUESTS);
});

test('half a request is none', () => {
  expect(read([TWO.subarray(0, TWO.length - 1)])).toEqual(REQUESTS.slice(0, 1));
});
