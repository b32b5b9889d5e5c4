import { expect, test } from 'vitest';
import { outbound, outcome, pem, post } from './support/outbound.js';
import { answering, OK } from './support/raw-server.js';
import { ServerOfTest } from './support/server-of-test.js';

const server = new ServerOfTest();
const AT_ONCE = 60;

/** Of another length and with another letter than its neighbours. */
function bodyOf(index: number): Buffer {
  return Buffer.alloc(1 + index * 271, 'abcdefghijklmnopqrstuvwxyz'[index % 26]);
}

test.each([
  ['plain', undefined],
  // Here no write is over when it returns.
  ['TLS', { key: pem('key-for-tests-only'), cert: pem('valid') }],
])('requests made in one turn have each its own body, on new and kept connections: %s', async (_, tls) => {
  const http = outbound({}, { authorities: [pem('authority')] });
  await server.start(answering(OK), tls && { tls });
  const url = `${tls ? 'https' : 'http'}://127.0.0.1:${server.port}/`;
  const bodies = Array.from({ length: AT_ONCE }, (_body, index) => bodyOf(index));
  for (let round = 0; round < 2; round += 1) {
    const results = await Promise.all(bodies.map((body) => post(http, url, { body })));
    expect(new Set(results.map(outcome))).toEqual(new Set([200]));
  }
  const sent = server.requests.map((request) => request.slice(request.indexOf('\r\n\r\n') + 4)).sort();
  expect(sent).toEqual([...bodies, ...bodies].map((body) => body.toString('latin1')).sort());
  expect(server.accepted()).toBe(AT_ONCE);
});
