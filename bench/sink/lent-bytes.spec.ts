import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { lendBytes } from './lent-bytes.js';

const open: Socket[] = [];
const server = createServer({ pauseOnConnect: true }, (accepted) => {
  let received = '';
  const socket = lendBytes(accepted, (bytes) => {
    received += bytes.toString();
    if (received.endsWith('\n')) socket.write(`got ${received}`);
  });
  open.push(socket);
});

async function client(): Promise<Socket> {
  if (!server.listening) await once(server.listen(0, '127.0.0.1'), 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  open.push(socket);
  return socket;
}

const firstLine = async (socket: Socket): Promise<string> => {
  let text = '';
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    text += String(chunk);
    if (text.endsWith('\n')) break;
  }
  return text;
};

afterEach(() => {
  open.splice(0).forEach((socket) => socket.destroy());
  server.close();
});

test('what a connection brings is lent to the callback, and answers go back on it', async () => {
  const [one, two] = [await client(), await client()];
  one.write('first\n');
  expect(await firstLine(one)).toBe('got first\n');
  two.write('second\n');
  one.write('third\n');
  expect(await Promise.all([firstLine(one), firstLine(two)])).toEqual(['got first\nthird\n', 'got second\n']);
});

test('a connection that its client ends, or tears down, is closed', async () => {
  const [ending, torn] = [await client(), await client()];
  await Promise.all([ending, torn].map((socket) => once(socket, 'connect')));
  await vi.waitFor(() => expect(open).toHaveLength(4));
  ending.end();
  torn.resetAndDestroy();
  await vi.waitFor(() => expect(open.every((socket) => socket.destroyed)).toBe(true));
});
