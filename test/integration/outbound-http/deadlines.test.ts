import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { OutboundResult } from '#libs/outbound-http';
import { closeAll, outbound, outcome, post } from './support/outbound.js';
import { dripping, type RawServer, type Script, startRawServer } from './support/raw-server.js';

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  await closeAll();
  for (const close of closing.splice(0)) await close();
});

async function receiver(script: Script): Promise<{ server: RawServer; url: string }> {
  const server = await startRawServer(script);
  closing.push(() => server.close());
  return { server, url: `http://127.0.0.1:${server.port}/` };
}

async function stoppedReceiver(): Promise<number> {
  const child: ChildProcess = fork(new URL('./support/stopped-receiver.mjs', import.meta.url), {
    execArgv: [],
  });
  closing.push(() => void child.kill('SIGKILL'));
  const [port] = (await once(child, 'message')) as [number];
  return port;
}

/** Never early; late only by what a busy machine costs. */
function expectOnTime(result: OutboundResult, timeoutMs: number): void {
  expect(result.durationMs).toBeGreaterThanOrEqual(timeoutMs - 5);
  expect(result.durationMs).toBeLessThan(timeoutMs * 1.1 + 250);
}

test('a receiver that never answers costs exactly the deadline, and its connection is closed', async () => {
  const { server, url } = await receiver(() => undefined);
  const result = await post(outbound(), url, { timeoutMs: 400 });
  expect(result).toMatchObject({ errorType: 'timeout_headers', phase: 'response' });
  expectOnTime(result, 400);
  await expect.poll(() => server.connections.size).toBe(0);
});

test('a stopped process that still accepts costs exactly the deadline', async () => {
  const result = await post(outbound(), `http://127.0.0.1:${await stoppedReceiver()}/`, { timeoutMs: 400 });
  expect(outcome(result)).toBe('timeout_headers');
  expectOnTime(result, 400);
});

test('a host that does not take the connection costs exactly the deadline', async () => {
  const port = await stoppedReceiver();
  const filling = Array.from({ length: 8 }, () => connect(port, '127.0.0.1').on('error', () => undefined));
  closing.push(() => filling.forEach((socket) => socket.destroy()));
  await expect.poll(() => filling.filter((socket) => !socket.connecting).length).toBeGreaterThanOrEqual(2);
  const result = await post(outbound(), `http://127.0.0.1:${port}/`, { timeoutMs: 400 });
  expect(result).toMatchObject({ errorType: 'connect_timeout', phase: 'connect' });
  expectOnTime(result, 400);
});

test('headers that drip do not put off the deadline', async () => {
  const { url } = await receiver(dripping('HTTP/1.1 200 OK\r\nx: '));
  const result = await post(outbound(), url, { timeoutMs: 400 });
  expect(outcome(result)).toBe('timeout_headers');
  expectOnTime(result, 400);
});

test('a body that drips does not put off the deadline of who needs it', async () => {
  const { url } = await receiver(dripping('HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n'));
  const result = await post(outbound(), url, { timeoutMs: 400, waitForBody: true });
  expect(outcome(result)).toBe('timeout_body');
  expectOnTime(result, 400);
});

test('a body that drips never outlives the deadline of the whole', async () => {
  const { url } = await receiver(dripping('HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n'));
  const result = await post(outbound(), url, { timeoutMs: 400 });
  expect(result).toMatchObject({ status: 200, bodyTruncated: true });
  expectOnTime(result, 400);
});

test('a receiver that does not read the request is told apart from one that does not answer', async () => {
  const server = await startRawServer(() => undefined, {
    onConnection: (socket) => setImmediate(() => socket.pause()),
  });
  closing.push(() => server.close());
  const body = Buffer.alloc(20 * 1024 * 1024);
  const result = await post(outbound(), `http://127.0.0.1:${server.port}/`, { timeoutMs: 400, body });
  expect(result).toMatchObject({ errorType: 'timeout_total', phase: 'request' });
});

test('a deadline that ends while the kept connection is being replaced is the deadline of the whole', async () => {
  const { url } = await receiver((socket, request, index) => {
    if (index === 0 && !request.includes('x-second'))
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n');
    else if (index === 1) socket.end();
  });
  const http = outbound();
  await post(http, url);
  const result = await post(http, url, { timeoutMs: 400, headers: { 'x-second': '1' } });
  expect(result).toMatchObject({ errorType: 'timeout_headers', retriedConnection: true });
  expectOnTime(result, 400);
});

test('nothing listening is refused at once', async () => {
  const { server, url } = await receiver(() => undefined);
  await server.close();
  expect(await post(outbound(), url)).toMatchObject({
    errorType: 'connect_refused',
    phase: 'connect',
    remoteAddress: null,
  });
});
