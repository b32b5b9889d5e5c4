import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { OutboundResult } from '#libs/outbound-http';
import { outbound, outcome, post } from './support/outbound.js';
import { answering, OK } from './support/raw-server.js';
import { ServerOfTest } from './support/server-of-test.js';

const server = new ServerOfTest();

const head = 'HTTP/1.1 200 OK\r\n';

test.each([16_384, 16_385, 262_144, 3_000_000])('a body of %i bytes arrives as it is', async (size) => {
  const body = Buffer.alloc(size, 'abcdefghij');
  await post(outbound(), await server.urlOf(answering(OK)), { body });
  expect(server.requests[0]?.endsWith(`content-length: ${size}\r\n\r\n${body.toString('latin1')}`)).toBe(
    true,
  );
});

test.each(['OPTIONS', 'GET', 'HEAD'] as const)('%s without a body says nothing of one', async (method) => {
  const url = await server.urlOf(answering('HTTP/1.1 204 No Content\r\n\r\n'));
  expect(outcome(await post(outbound(), url, { method, body: Buffer.alloc(0) }))).toBe(204);
  expect(server.requests[0]).toMatch(new RegExp(`^${method} /hook\\?a=1 HTTP/1.1\r\n`));
  expect(server.requests[0]).not.toContain('content-length');
});

test('the answer to HEAD has no body, whatever length it tells', async () => {
  const url = await server.urlOf(answering(`${head}content-length: 100\r\n\r\n`));
  const http = outbound();
  const request = { method: 'HEAD', body: Buffer.alloc(0), waitForBody: true } as const;
  for (let count = 0; count < 2; count++) {
    const result = await post(http, url, request);
    expect(result).toMatchObject({ status: 200, body: Buffer.alloc(0), bodyTruncated: false });
  }
  expect(server.accepted()).toBe(1);
});

test('a receiver with a header name that no standard allows is understood where that is wanted', async () => {
  const url = await server.urlOf((socket) => {
    socket.write('HTTP/1.0 200 OK\r\napplication/json: text/plain; charset=utf-8\r\n\r\n');
    setTimeout(() => socket.end('{"challengeCode":"abc"}'), 20);
  });
  expect(await post(outbound(), url, { waitForBody: true, tolerant: true })).toMatchObject({
    status: 200,
    body: Buffer.from('{"challengeCode":"abc"}'),
    bodyTruncated: false,
  });
  expect(outcome(await post(outbound(), url, { waitForBody: true }))).toBe('http_malformed');
});

test('an answer that comes byte by byte is the same answer', async () => {
  const answer = `HTTP/1.1 103 X\r\n\r\n${head}x: y\r\ntransfer-encoding: chunked\r\n\r\n2;a=b\r\nok\r\n0\r\nt: u\r\n\r\n`;
  const url = await server.urlOf((socket) => {
    socket.setNoDelay(true);
    let at = 0;
    const next = (): void => {
      if (at < answer.length) socket.write(answer[at++] ?? '', () => setImmediate(next));
    };
    next();
  });
  const http = outbound();
  for (let count = 0; count < 2; count++)
    expect(await post(http, url)).toMatchObject({
      status: 200,
      headers: { x: 'y' },
      body: Buffer.from('ok'),
      bodyTruncated: false,
    });
  expect(server.accepted()).toBe(1);
});

test('whatever a receiver sends, it costs one settled result within the deadline', async () => {
  const http = outbound();
  let bytes = Buffer.alloc(0);
  const url = await server.urlOf((socket) => void socket.write(bytes));
  const pieces = [
    'HTTP/1.1 200 OK\r\n',
    'content-length: 3\r\n',
    'transfer-encoding: chunked\r\n',
    '\r\n',
    '2\r\nok',
    '\n',
    '\0',
    'a: b\r\n',
    'HTTP/1.1 103 X\r\n\r\n',
  ];
  const part = fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary', maxLength: 8 }));
  await fc.assert(
    fc.asyncProperty(fc.array(part, { maxLength: 8 }), fc.boolean(), async (parts, waitForBody) => {
      bytes = Buffer.from(parts.join(''), 'latin1');
      const settled: OutboundResult[] = [];
      const input = {
        url,
        method: 'POST',
        headers: {},
        body: Buffer.from('{}'),
        timeoutMs: 60,
        owner: 'a',
        waitForBody,
      } as const;
      await new Promise<void>((resolve) =>
        http.send(input, (result) => {
          settled.push(result);
          resolve();
        }),
      );
      expect(settled).toHaveLength(1);
      expect(settled[0]?.durationMs).toBeLessThan(1000);
    }),
    { numRuns: 100 },
  );
});
