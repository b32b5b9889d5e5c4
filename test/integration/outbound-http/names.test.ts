import { afterEach, expect, test } from 'vitest';
import type { EgressConfig } from '#libs/config';
import type { OutboundHttp } from '#libs/outbound-http';
import { freePort } from '../../support/free-port.js';
import { type DnsScript, type DnsServer, startDnsServer } from './support/dns-server.js';
import { closeAll, outbound, outcome, post } from './support/outbound.js';
import { answering, OK, type RawServer, startRawServer } from './support/raw-server.js';

/** Receivers live on 127.0.0.2, which the operator allows; 127.0.0.1 stands for the inside that must not be reached. */
const OUTSIDE = '127.0.0.2';
const INSIDE = '127.0.0.1';
const closing: (RawServer | DnsServer)[] = [];
afterEach(async () => {
  await closeAll();
  for (const server of closing.splice(0)) await server.close();
});

interface World {
  readonly http: OutboundHttp;
  readonly outside: RawServer;
  readonly inside: RawServer;
  readonly dns: DnsServer;
  readonly url: (host: string) => string;
}

async function world(script: DnsScript, egress: Partial<EgressConfig> = {}): Promise<World> {
  const close = 'HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n';
  // Of those that no outgoing connection takes: both addresses must have it.
  const port = await freePort();
  const outside = await startRawServer(answering(close), { host: OUTSIDE, port });
  const inside = await startRawServer(answering(OK), { host: INSIDE, port });
  const dns = await startDnsServer(script);
  closing.push(outside, inside, dns);
  const settings = {
    allowLoopback: false,
    allowCidrs: [`${OUTSIDE}/32`],
    allowPorts: [outside.port],
    ...egress,
  };
  const http = outbound(settings, { nameServers: { servers: [dns.address], timeoutMs: 150, tries: 1 } });
  return { http, outside, inside, dns, url: (host) => `http://${host}:${outside.port}/` };
}

test('a name is resolved, judged and connected to, and keeps its name in the request', async () => {
  const { http, url, outside } = await world(() => ({ addresses: [OUTSIDE] }));
  const result = await post(http, url('hooks.example.com'));
  expect(result).toMatchObject({
    status: 200,
    remoteAddress: OUTSIDE,
    timings: { resolveMs: expect.any(Number) as number },
  });
  expect(outside.requests[0]).toContain(`host: hooks.example.com:${outside.port}\r\n`);
});

test.each<[string, DnsScript, string]>([
  ['a name that does not exist', () => 'nxdomain', 'dns_nxdomain'],
  ['name servers that fail', () => 'servfail', 'dns_servfail'],
  ['name servers that say nothing', () => 'silence', 'dns_timeout'],
  ['a name without addresses', () => ({ addresses: [] }), 'dns_empty'],
  ['a name that only refers to itself', (name) => ({ cname: name }), 'dns_empty'],
])('%s is named', async (_what, script, expected) => {
  const { http, url } = await world(script);
  expect(await post(http, url('hooks.example.com'))).toMatchObject({ errorType: expected, phase: 'resolve' });
});

/** Each another one, as an answer has them; allowed are only the networks that a test names. */
function many(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `127.1.${index >> 8}.${index & 255}`);
}

test('of five hundred addresses a few are tried, and the deadline holds', async () => {
  const { http, url, outside, inside } = await world(() => ({ addresses: many(500) }), {
    allowCidrs: ['127.1.0.0/16'],
  });
  const result = await post(http, url('hooks.example.com'), { timeoutMs: 2000 });
  expect(result).toMatchObject({ errorType: 'connect_refused', phase: 'connect' });
  expect(result.durationMs).toBeLessThan(2100);
  expect(outside.accepted() + inside.accepted()).toBe(0);
});

test.each([
  ['a bad address', [INSIDE]],
  ['a good and a bad address', [OUTSIDE, INSIDE]],
  ['a bad and a good address', [INSIDE, OUTSIDE]],
  ['a good IPv4 and a bad IPv6 address', [OUTSIDE, '::1']],
  ['a good and a mapped bad address', [OUTSIDE, '::ffff:7f00:1']],
  ['a good address and a metadata service', [OUTSIDE, '169.254.169.254']],
  ['five hundred good addresses and a bad one', [...many(500), INSIDE]],
])('a name with %s is refused before any connection', async (_what, addresses) => {
  const { http, url, outside, inside } = await world(() => ({ addresses }));
  expect(await post(http, url('hooks.example.com'))).toMatchObject({
    errorType: 'blocked_address',
    phase: 'policy',
  });
  expect(outside.accepted() + inside.accepted()).toBe(0);
});

test('an answer that flips to a bad address is refused at the next connection', async () => {
  const { http, url, inside, dns } = await world((_name, _type, count) => ({
    addresses: [count === 0 ? OUTSIDE : INSIDE],
  }));
  expect(outcome(await post(http, url('hooks.example.com')))).toBe(200);
  expect(outcome(await post(http, url('hooks.example.com')))).toBe('blocked_address');
  expect(inside.accepted()).toBe(0);
  expect(dns.questions.filter((question) => question.endsWith(' A'))).toHaveLength(2);
});

test('one connection asks once, so what was judged is what is connected to', async () => {
  const { http, url, dns } = await world((_name, _type, count) => ({
    addresses: [count === 0 ? OUTSIDE : INSIDE],
  }));
  expect(await post(http, url('hooks.example.com'))).toMatchObject({ status: 200, remoteAddress: OUTSIDE });
  expect(dns.questions).toHaveLength(2);
});

test('many connections at once share one question', async () => {
  const { http, url, dns } = await world(() => ({ addresses: [OUTSIDE] }));
  const results = await Promise.all(Array.from({ length: 10 }, () => post(http, url('hooks.example.com'))));
  expect(results.every((result) => outcome(result) === 200)).toBe(true);
  expect(dns.questions).toHaveLength(2);
});

test('an address that does not answer is passed over for the next one', async () => {
  const { http, url } = await world(() => ({ addresses: ['127.0.0.3', OUTSIDE] }), {
    allowCidrs: ['127.0.0.2/31'],
  });
  expect(await post(http, url('hooks.example.com'))).toMatchObject({ status: 200, remoteAddress: OUTSIDE });
});

test('silence about IPv6 does not spoil a good IPv4 answer', async () => {
  const { http, url } = await world((_name, type) => (type === 'A' ? { addresses: [OUTSIDE] } : 'silence'));
  expect(outcome(await post(http, url('hooks.example.com')))).toBe(200);
});

test('an internal name works only if listed, and only inside the networks that are listed', async () => {
  const answers: Record<string, string> = { inbox: OUTSIDE, other: OUTSIDE, strayed: '8.8.8.8' };
  const script: DnsScript = (name) => ({ addresses: [answers[name] ?? INSIDE] });
  const { http, url } = await world(script, { allowHosts: ['inbox', 'strayed'] });
  expect(outcome(await post(http, url('inbox')))).toBe(200);
  expect(outcome(await post(http, url('other')))).toBe('blocked_name');
  expect(outcome(await post(http, url('strayed')))).toBe('blocked_address');
});

test('localhost is this machine by definition; no name server is asked', async () => {
  const { http, url, dns } = await world(() => ({ addresses: ['8.8.8.8'] }), { allowLoopback: true });
  expect(await post(http, url('inbox.localhost'))).toMatchObject({ status: 200, remoteAddress: INSIDE });
  expect(dns.questions).toHaveLength(0);
});

test('a connection that ended up elsewhere than at the address that was judged is closed unused', async () => {
  // The kernel takes 0.0.0.0 for this machine: the judged address is allowed, the one connected to is not.
  const { http, url, inside } = await world(() => ({ addresses: ['0.0.0.0'] }), {
    allowCidrs: ['0.0.0.0/32'],
  });
  expect(outcome(await post(http, url('hooks.example.com')))).toBe('blocked_rebind');
  expect(inside.requests).toHaveLength(0);
});

test('the deadline holds while names are resolved', async () => {
  const dns = await startDnsServer(() => 'silence');
  closing.push(dns);
  const http = outbound({}, { nameServers: { servers: [dns.address] } });
  const result = await post(http, 'http://hooks.example.com/', { timeoutMs: 300 });
  expect(result).toMatchObject({ errorType: 'dns_timeout', phase: 'resolve' });
  expect(result.durationMs).toBeLessThan(600);
});
