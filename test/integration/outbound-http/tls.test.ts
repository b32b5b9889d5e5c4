import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TlsOptions } from 'node:tls';
import { expect, test } from 'vitest';
import { outbound, outcome, pem, post } from './support/outbound.js';
import { answering, OK } from './support/raw-server.js';
import { ServerOfTest } from './support/server-of-test.js';

const key = pem('key-for-tests-only');
const trusting = { authorities: [pem('authority')] };
const server = new ServerOfTest();

async function urlOf(tls: TlsOptions, host = 'receiver.localhost'): Promise<string> {
  await server.start(answering(OK), { tls: { key, ...tls } });
  return `https://${host}:${server.port}/`;
}

test('a valid certificate is accepted, by name and by address', async () => {
  const http = outbound({}, trusting);
  const url = await urlOf({ cert: pem('valid') });
  const result = await post(http, url);
  expect(result).toMatchObject({ status: 200, timings: { tlsMs: expect.any(Number) as number } });
  expect(outcome(await post(http, `https://127.0.0.1:${server.port}/`))).toBe(200);
});

test('a kept TLS connection is used again, a new one resumes the session', async () => {
  const http = outbound({}, trusting);
  const resumed: boolean[] = [];
  await server.start(answering('HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n'), {
    tls: { key, cert: pem('valid') },
    onConnection: (socket) =>
      resumed.push('isSessionReused' in socket && (socket.isSessionReused as () => boolean)()),
  });
  const url = `https://receiver.localhost:${server.port}/`;
  await post(http, url);
  await post(http, url);
  await post(http, url, { owner: 'b' });
  expect(resumed).toEqual([false, true, false]);
});

test.each([
  ['expired', 'expired', 'tls_expired'],
  ['for another name', 'other-name', 'tls_name_mismatch'],
  ['self-signed', 'self-signed', 'tls_self_signed'],
])('a certificate that is %s is refused', async (_what, cert, expected) => {
  const result = await post(outbound({}, trusting), await urlOf({ cert: pem(cert) }));
  expect(result).toMatchObject({ errorType: expected, phase: 'tls' });
  expect(server.requests).toHaveLength(0);
});

test('a certificate of an unknown authority is refused', async () => {
  expect(outcome(await post(outbound(), await urlOf({ cert: pem('valid') })))).toBe('tls_self_signed');
});

test('a receiver that offers only TLS 1.1 is refused', async () => {
  const old = {
    cert: pem('valid'),
    minVersion: 'TLSv1',
    maxVersion: 'TLSv1.1',
    ciphers: 'DEFAULT@SECLEVEL=0',
  } as const;
  expect(outcome(await post(outbound({}, trusting), await urlOf(old)))).toBe('tls_version');
});

test('a receiver that demands a client certificate is refused by name', async () => {
  const url = await urlOf({
    cert: pem('valid'),
    requestCert: true,
    rejectUnauthorized: true,
    minVersion: 'TLSv1.3',
  });
  expect(outcome(await post(outbound({}, trusting), url))).toBe('tls_client_cert_required');
});

test('a receiver that speaks plain HTTP on the port is refused, and gets nothing in plain text', async () => {
  const received: Buffer[] = [];
  await server.start(() => undefined, {
    onConnection: (socket) => {
      socket.on('data', (chunk: Buffer) => received.push(chunk));
      socket.write('HTTP/1.1 400 Bad Request\r\n\r\n');
    },
  });
  const url = `https://receiver.localhost:${server.port}/secret-path`;
  expect(await post(outbound({}, trusting), url)).toMatchObject({ errorType: 'tls_other', phase: 'tls' });
  expect(Buffer.concat(received).toString('latin1')).not.toContain('secret-path');
});

test('a handshake that stalls ends with the deadline', async () => {
  await server.start(() => undefined);
  const url = `https://receiver.localhost:${server.port}/`;
  const result = await post(outbound({}, trusting), url, { timeoutMs: 300 });
  expect(result).toMatchObject({ errorType: 'tls_handshake_timeout', phase: 'tls' });
  expect(result.durationMs).toBeLessThan(600);
});

test.each(['end', 'resetAndDestroy'] as const)(
  'a handshake that is broken off (%s) is named',
  async (how) => {
    await server.start(() => undefined, {
      onConnection: (socket) => socket.once('data', () => socket[how]()),
    });
    const url = `https://receiver.localhost:${server.port}/`;
    expect(await post(outbound({}, trusting), url)).toMatchObject({ errorType: 'tls_other', phase: 'tls' });
  },
);

test('large bodies and answers in pieces pass through TLS as they are', async () => {
  const answer = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n';
  await server.start(
    (socket) => {
      socket.write(answer.slice(0, 30));
      setImmediate(() => socket.write(answer.slice(30)));
    },
    { tls: { key, cert: pem('valid') } },
  );
  const http = outbound({}, trusting);
  const body = Buffer.alloc(300_000, 'abcdefghij');
  for (let count = 0; count < 2; count++) {
    const result = await post(http, `https://receiver.localhost:${server.port}/`, { body });
    expect(result).toMatchObject({ status: 200, body: Buffer.from('ok'), bodyTruncated: false });
    expect(server.requests[count]?.endsWith(`\r\n\r\n${body.toString('latin1')}`)).toBe(true);
  }
  expect(server.accepted()).toBe(1);
});

test('a TLS connection that is closed before the answer is named', async () => {
  await server.start((socket) => void socket.destroy(), { tls: { key, cert: pem('valid') } });
  const result = await post(outbound({}, trusting), `https://receiver.localhost:${server.port}/`);
  expect(outcome(result)).toBe('no_response');
});

test('an ordinary HTTPS server is served', async () => {
  const https = createServer({ key, cert: pem('valid') }, (request, response) =>
    response.end(request.headers.host),
  );
  await new Promise<void>((resolve) => https.listen(0, '127.0.0.1', resolve));
  const { port } = https.address() as AddressInfo;
  await server.start(answering(OK));
  const result = await post(outbound({}, trusting), `https://receiver.localhost:${port}/`);
  expect(result).toMatchObject({ status: 200, body: Buffer.from(`receiver.localhost:${port}`) });
  https.closeAllConnections();
  await new Promise((resolve) => https.close(resolve));
});
