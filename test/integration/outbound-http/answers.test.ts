import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { outbound, outcome, post } from './support/outbound.js';
import { answering, dripping, ending, OK, resetting, type Script } from './support/raw-server.js';
import { ServerOfTest } from './support/server-of-test.js';

const server = new ServerOfTest();

test('a request is sent as it was given and its answer is read whole', async () => {
  const url = await server.urlOf(
    answering('HTTP/1.1 202 Accepted\r\nX-A: 1\r\nx-a: 2\r\ncontent-length: 4\r\n\r\ndone'),
  );
  const result = await post(outbound(), url, {
    headers: { 'X-Kept-Case': 'v', Host: 'evil.example' },
    body: Buffer.from('{"a":1}'),
  });
  expect(result).toMatchObject({
    kind: 'response',
    status: 202,
    bodyTruncated: false,
    headers: { 'x-a': '1, 2' },
  });
  expect(result).toMatchObject({
    remoteAddress: '127.0.0.1',
    retriedConnection: false,
    body: Buffer.from('done'),
  });
  expect(result.timings).toMatchObject({ resolveMs: null, connectMs: expect.any(Number), tlsMs: null });
  expect(result.timings.firstByteMs).toBeGreaterThanOrEqual(0);
  const sent = server.requests[0] ?? '';
  expect(sent).toMatch(/^POST \/hook\?a=1 HTTP\/1\.1\r\n/);
  expect(sent).toContain(`host: 127.0.0.1:${server.port}\r\n`);
  expect(sent).toContain('X-Kept-Case: v\r\n');
  expect(sent).toContain('accept-encoding: identity\r\n');
  expect(sent).toMatch(/content-length: 7\r\n\r\n\{"a":1\}$/);
  expect(sent).not.toContain('evil.example');
});

test('every request names us and, where it is known, our public address', async () => {
  const url = await server.urlOf(answering(OK));
  await post(outbound(), url);
  await post(outbound({}, { publicUrl: 'https://hooks.example.com' }), url);
  expect(server.requests[0]).toContain('user-agent: Bellhop/0.1\r\n');
  expect(server.requests[1]).toContain('user-agent: Bellhop/0.1 (+https://hooks.example.com)\r\n');
});

test('an empty body is sent with its length', async () => {
  await post(outbound(), await server.urlOf(answering(OK)), { body: Buffer.alloc(0) });
  expect(server.requests[0]).toMatch(/content-length: 0\r\n\r\n$/);
});

test.each([301, 302, 307, 308])(
  'a redirect (%i) is an answer like others and is not followed',
  async (status) => {
    const url = await server.urlOf((socket) => {
      const location = `http://127.0.0.1:${server.port}/elsewhere`;
      socket.write(`HTTP/1.1 ${status} Moved\r\nlocation: ${location}\r\ncontent-length: 0\r\n\r\n`);
    });
    const result = await post(outbound(), url);
    expect(result).toMatchObject({
      status,
      headers: { location: expect.stringContaining('/elsewhere') as string },
    });
    expect(server.requests).toHaveLength(1);
  },
);

const head = 'HTTP/1.1 200 OK\r\n';
test.each<[string, Script, number | string]>([
  ['not HTTP at all', answering('SSH-2.0-OpenSSH_9.2\r\n\r\n'), 'http_malformed'],
  ['status 99', answering('HTTP/1.1 99 No\r\ncontent-length: 0\r\n\r\n'), 'http_malformed'],
  ['status 099', answering('HTTP/1.1 099 No\r\ncontent-length: 0\r\n\r\n'), 'http_malformed'],
  ['status 1000', answering('HTTP/1.1 1000 No\r\ncontent-length: 0\r\n\r\n'), 'http_malformed'],
  ['status abc', answering('HTTP/1.1 abc No\r\ncontent-length: 0\r\n\r\n'), 'http_malformed'],
  ['version 3.7', answering('HTTP/3.7 200 OK\r\ncontent-length: 0\r\n\r\n'), 'http_malformed'],
  [
    'length and chunks at once',
    answering(`${head}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`),
    'http_malformed',
  ],
  [
    'two different lengths',
    answering(`${head}content-length: 2\r\ncontent-length: 3\r\n\r\nok`),
    'http_malformed',
  ],
  ['lines ended by LF only', answering('HTTP/1.1 200 OK\ncontent-length: 2\n\nok'), 'http_malformed'],
  ['NUL in a header', answering(`${head}x: a\0b\r\ncontent-length: 0\r\n\r\n`), 'http_malformed'],
  ['a space before the colon', answering(`${head}x : y\r\ncontent-length: 0\r\n\r\n`), 'http_malformed'],
  ['one huge header', answering(`${head}x: ${'y'.repeat(17_000)}\r\n\r\n`), 'http_headers_too_large'],
  ['many headers', answering(`${head}${'x-a: yyyyyyyyyy\r\n'.repeat(2000)}\r\n`), 'http_headers_too_large'],
  [
    'an upgrade',
    answering('HTTP/1.1 101 Go\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n'),
    'http_upgrade',
  ],
  ['a 101 without upgrade', answering('HTTP/1.1 101 Go\r\n\r\n'), 'http_upgrade'],
  ['early hints, then 200', answering(`HTTP/1.1 103 Early\r\nlink: </a>\r\n\r\n${OK}`), 200],
  ['a flood of early hints', answering('HTTP/1.1 103 Early\r\n\r\n'.repeat(1000)), 'http_malformed'],
  ['a flood of 100', answering('HTTP/1.1 100 Continue\r\n\r\n'.repeat(1000)), 'http_malformed'],
  ['a 204 with a body', answering('HTTP/1.1 204 No Content\r\ncontent-length: 5\r\n\r\nhello'), 204],
  ['close at once', ending(''), 'no_response'],
  ['close in the status line', ending('HTTP/1.1 20'), 'http_malformed'],
  ['close in the headers', ending(`${head}content-le`), 'http_malformed'],
  ['reset at once', resetting(''), 'no_response'],
  ['reset in the headers', resetting(`${head}content-le`), 'connect_reset'],
])('%s is named', async (_name, script, expected) => {
  const result = await post(outbound(), await server.urlOf(script));
  expect(outcome(result)).toBe(expected);
  if (result.kind === 'failure') expect(result.detail).toMatch(/^[A-Z][^\n]{10,}$/);
});

test.each<[string, Script]>([
  ['a bad chunk', answering(`${head}transfer-encoding: chunked\r\n\r\n2\r\nok\r\nzz\r\n`)],
  ['a close before the end', ending(`${head}content-length: 10\r\n\r\nok`)],
  ['a reset before the end', resetting(`${head}content-length: 10\r\n\r\nok`)],
])('%s leaves the status standing, and fails only who needs the body', async (_name, script) => {
  const url = await server.urlOf(script);
  const http = outbound();
  expect(await post(http, url)).toMatchObject({ status: 200, bodyTruncated: true });
  expect(outcome(await post(http, url, { waitForBody: true }))).toBe('http_truncated_body');
});

test('a body without length ends with its connection', async () => {
  const url = await server.urlOf(ending(`${head}connection: close\r\n\r\nall of it`));
  expect(await post(outbound(), url)).toMatchObject({
    status: 200,
    body: Buffer.from('all of it'),
    bodyTruncated: false,
  });
});

test('an endless body is read up to the cap and the connection is closed', async () => {
  const url = await server.urlOf((socket) => {
    socket.write(`${head}transfer-encoding: chunked\r\n\r\n`);
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
    const pour = (): void => {
      while (!socket.destroyed && socket.write(chunk));
    };
    socket.on('drain', pour);
    pour();
  });
  const result = await post(outbound(), url, { maxBodyBytes: 1000, waitForBody: true });
  expect(result).toMatchObject({ status: 200, body: Buffer.alloc(1000, 'x'), bodyTruncated: true });
  await expect.poll(() => server.connections.size).toBe(0);
});

test('a body of exactly the cap is whole', async () => {
  const url = await server.urlOf(answering(`${head}content-length: 8\r\n\r\n12345678`));
  expect(await post(outbound(), url, { maxBodyBytes: 8 })).toMatchObject({ bodyTruncated: false });
});

test('a compressed body is kept as it came', async () => {
  const bomb = gzipSync(Buffer.alloc(5_000_000));
  const url = await server.urlOf((socket) => {
    socket.write(`${head}content-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n`);
    socket.write(bomb);
  });
  const result = await post(outbound(), url);
  expect(result).toMatchObject({ status: 200, body: bomb, bodyTruncated: false });
});

test('what a receiver sends beyond its answer is not taken for the next one', async () => {
  const url = await server.urlOf(answering(`${OK}HTTP/1.1 500 Injected\r\ncontent-length: 0\r\n\r\n`));
  const http = outbound();
  expect([outcome(await post(http, url)), outcome(await post(http, url))]).toEqual([200, 200]);
});

test('a header that cannot be sent is our fault and is told', async () => {
  const result = await post(outbound(), await server.urlOf(answering(OK)), {
    headers: { 'x-a': 'b\r\nx-c: d' },
  });
  expect(outcome(result)).toBe('internal');
  await expect.poll(() => server.connections.size).toBe(0);
});

test('a body that drips is not read on when the status has decided, and all is over within a second', async () => {
  const url = await server.urlOf(dripping(`${head}content-length: 100000\r\n\r\n`));
  const result = await post(outbound(), url);
  expect(result).toMatchObject({ status: 200, bodyTruncated: true });
  expect(result.durationMs).toBeGreaterThanOrEqual(790);
  expect(result.durationMs).toBeLessThan(1000);
});
