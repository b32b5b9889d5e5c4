import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { Connections } from './connections.js';

const LIMIT = 3;
const REQUEST = Buffer.from('GET / HTTP/1.1\r\n\r\n');
const ANSWER = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

const sockets: Socket[] = [];
const server = createServer((socket) => {
  sockets.push(socket);
  socket.on('data', () => socket.write(ANSWER)).on('error', () => undefined);
});

async function connections(): Promise<Connections> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return new Connections(new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`), LIMIT);
}

afterEach(() => {
  sockets.splice(0).forEach((socket) => socket.destroy());
  server.close();
});

test('all connections are there before the first request, and no other is opened for it', async () => {
  const all = await connections();
  await all.fill(REQUEST);
  expect(sockets).toHaveLength(LIMIT);
  expect(await Promise.all([all.request(REQUEST), all.request(REQUEST)])).toMatchObject([
    { status: 200 },
    { status: 200 },
  ]);
  expect(sockets).toHaveLength(LIMIT);
});

test('a connection that the server gives up unasked is not used again', async () => {
  const all = await connections();
  await all.fill(REQUEST);
  for (const socket of sockets) socket.end('HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\n\r\n');
  await vi.waitFor(() => expect(sockets.every(({ destroyed }) => destroyed)).toBe(true));
  const answers = await Promise.all(Array.from({ length: 2 * LIMIT }, () => all.request(REQUEST)));
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 2 * LIMIT }, () => 200));
});
