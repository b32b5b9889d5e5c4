import { expect, test } from 'vitest';
import { ResponseReader } from './response-reader.js';

const ANSWER = Buffer.from('HTTP/1.1 202 Accepted\r\nContent-Length: 4\r\nx: y\r\n\r\nbody');

test('a response is whole when its last byte is there, and the next one begins afresh', () => {
  const reader = new ResponseReader();
  for (let round = 0; round < 2; round += 1) {
    const parts = [...ANSWER].map((byte) => reader.push(Buffer.from([byte])));
    expect(parts.slice(0, -1).every((part) => part === null)).toBe(true);
    expect(parts.at(-1)).toMatchObject({ status: 202 });
    expect(parts.at(-1)?.body.toString()).toBe('body');
  }
});

test('a response without a body is whole with its head', () => {
  expect(new ResponseReader().push(Buffer.from('HTTP/1.1 204 No Content\r\n\r\n'))?.status).toBe(204);
});
