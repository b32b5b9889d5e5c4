import { expect, test } from 'vitest';
import type { OutboundRequest, OutboundResult } from '#libs/outbound-http';
import { outbound, outcome, post } from './support/outbound.js';
import { answering, OK, type Script } from './support/raw-server.js';
import { ServerOfTest } from './support/server-of-test.js';

const server = new ServerOfTest();

test('requests one after the other share a connection, and only the first has connected', async () => {
  const url = await server.urlOf(answering(OK));
  const http = outbound();
  const results = [await post(http, url), await post(http, url), await post(http, url)];
  expect(results.map(outcome)).toEqual([200, 200, 200]);
  expect(server.accepted()).toBe(1);
  expect(results.map(({ timings }) => timings.connectMs !== null)).toEqual([true, false, false]);
  expect(results[2]?.remoteAddress).toBe('127.0.0.1');
});

test('requests at the same time each have a connection of their own', async () => {
  const url = await server.urlOf(answering(OK));
  const http = outbound();
  await Promise.all([post(http, url), post(http, url), post(http, url)]);
  expect(server.accepted()).toBe(3);
});

test('owners never share a connection', async () => {
  const url = await server.urlOf(answering(OK));
  const http = outbound();
  for (const owner of ['a', 'b', 'a', 'b']) await post(http, url, { owner });
  expect(server.accepted()).toBe(2);
});

test('a connection that the receiver wants closed is not used again', async () => {
  const url = await server.urlOf(
    (socket) => void socket.write('HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n'),
  );
  const http = outbound();
  const results = [await post(http, url), await post(http, url)];
  expect(results.map(outcome)).toEqual([200, 200]);
  expect(results.map((result) => result.retriedConnection)).toEqual([false, false]);
});

test.each<[string, Script]>([
  ['closes', (socket, _request, index) => void (index === 0 ? socket.write(OK) : socket.end())],
  ['resets', (socket, _request, index) => void (index === 0 ? socket.write(OK) : socket.resetAndDestroy())],
])('a kept connection that %s before answering is replaced once, and that is told', async (_how, script) => {
  const url = await server.urlOf(script);
  const http = outbound();
  expect(await post(http, url)).toMatchObject({ status: 200, retriedConnection: false });
  expect(await post(http, url)).toMatchObject({ status: 200, retriedConnection: true });
  expect(server.requests).toHaveLength(3);
});

test('a request is never sent again once the receiver has begun to answer', async () => {
  const url = await server.urlOf(
    (socket, _request, index) => void (index === 0 ? socket.write(OK) : socket.end('HTTP/1.1 2')),
  );
  const http = outbound();
  await post(http, url);
  expect(await post(http, url)).toMatchObject({ errorType: 'http_malformed', retriedConnection: false });
  expect(server.requests).toHaveLength(2);
});

test('a request on a new connection is never sent twice', async () => {
  const url = await server.urlOf((socket) => void socket.resetAndDestroy());
  expect(await post(outbound(), url)).toMatchObject({ errorType: 'no_response', retriedConnection: false });
  expect(server.requests).toHaveLength(1);
});

test('a connection closed while idle is noticed and costs no attempt', async () => {
  const url = await server.urlOf(answering(OK));
  const http = outbound();
  await post(http, url);
  for (const socket of server.connections) socket.end();
  await expect.poll(() => server.connections.size).toBe(0);
  expect(await post(http, url)).toMatchObject({ status: 200, retriedConnection: false });
});

test('closing lets the request in flight end and takes no new one', async () => {
  const url = await server.urlOf((socket) => void setTimeout(() => socket.write(OK), 100));
  const http = outbound();
  const running = post(http, url);
  await expect.poll(() => server.requests.length).toBe(1);
  const closed = http.close();
  expect(outcome(await post(http, url))).toBe('aborted');
  await closed;
  expect(outcome(await running)).toBe(200);
  await expect.poll(() => server.connections.size).toBe(0);
});

test('a connection whose request was answered before it was read is not used again', async () => {
  await server.start(() => undefined, {
    onConnection: (socket) => {
      socket.write(OK);
      setImmediate(() => socket.pause());
    },
  });
  const http = outbound();
  const body = Buffer.alloc(20 * 1024 * 1024);
  expect(outcome(await post(http, `http://127.0.0.1:${server.port}/`, { body }))).toBe(200);
  expect(outcome(await post(http, `http://127.0.0.1:${server.port}/`))).toBe(200);
  expect(server.accepted()).toBe(2);
});

test('a signal withdraws the request and closes its connection', async () => {
  const url = await server.urlOf(() => undefined);
  const http = outbound();
  const controller = new AbortController();
  const running = post(http, url, { signal: controller.signal });
  await expect.poll(() => server.requests.length).toBe(1);
  controller.abort();
  expect(outcome(await running)).toBe('aborted');
  expect(outcome(await post(http, url, { signal: controller.signal }))).toBe('aborted');
  await expect.poll(() => server.connections.size).toBe(0);
});

test('a thousand answers in parallel all settle', async () => {
  const url = await server.urlOf(answering(OK));
  const http = outbound();
  const send = async (): Promise<void> => {
    for (let sent = 0; sent < 50; sent++) expect(outcome(await post(http, url))).toBe(200);
  };
  await Promise.all(Array.from({ length: 20 }, send));
  expect(server.requests).toHaveLength(1000);
  expect(server.accepted()).toBeLessThanOrEqual(20);
});

test('bytes that nobody asked for close an idle connection, and never become an answer', async () => {
  const url = await server.urlOf(answering(OK));
  const http = outbound();
  await post(http, url);
  for (const socket of server.connections) socket.write('HTTP/1.1 500 Injected\r\ncontent-length: 0\r\n\r\n');
  await expect.poll(() => server.connections.size).toBe(0);
  expect(await post(http, url)).toMatchObject({ status: 200, retriedConnection: false });
  expect(server.accepted()).toBe(2);
});

test.each([
  'HTTP/1.1 204 No Content\r\ncontent-length: 5\r\n\r\n',
  'HTTP/1.1 200 OK\r\nkeep-alive: timeout=2\r\ncontent-length: 0\r\n\r\n',
  'HTTP/1.0 200 OK\r\ncontent-length: 0\r\n\r\n',
  `${OK}x`,
])('after %j the connection is closed', async (bytes) => {
  const url = await server.urlOf(answering(bytes));
  const http = outbound();
  expect(await post(http, url)).toMatchObject({ kind: 'response', bodyTruncated: false });
  await expect.poll(() => server.connections.size).toBe(0);
});

test('a connection is closed before the receiver would close it', async () => {
  const url = await server.urlOf(
    answering('HTTP/1.1 200 OK\r\nkeep-alive: timeout=3\r\ncontent-length: 0\r\n\r\n'),
  );
  await post(outbound(), url);
  expect(server.connections.size).toBe(1);
  await expect.poll(() => server.connections.size, { timeout: 2900 }).toBe(0);
});

test('a request made in answer to a result uses the same connection', async () => {
  const url = await server.urlOf(answering(OK));
  const http = outbound();
  const request = emptyPost(url);
  const statuses: (number | string)[] = [];
  await new Promise<void>((resolve) => {
    const next = (result: OutboundResult): void => {
      statuses.push(outcome(result));
      if (statuses.length === 3) resolve();
      else http.send(request, next);
    };
    http.send(request, next);
  });
  expect(statuses).toEqual([200, 200, 200]);
  expect(server.accepted()).toBe(1);
});

test('no result comes before the call has returned', async () => {
  const url = await server.urlOf(answering(OK));
  const http = outbound();
  const request = emptyPost(url);
  const calls = [
    { ...request, url: 'ftp://example.com' },
    { ...request, headers: { a: 'b\n' } },
    { ...request, signal: AbortSignal.abort() },
  ];
  for (const call of calls) {
    let isReturned = false;
    const settled = new Promise<boolean>((resolve) => http.send(call, () => resolve(isReturned)));
    isReturned = true;
    expect(await settled).toBe(true);
  }
  expect(server.accepted()).toBe(0);
});

function emptyPost(url: string): OutboundRequest {
  return { url, method: 'POST', headers: {}, body: Buffer.alloc(0), timeoutMs: 5000, owner: 'a' };
}
