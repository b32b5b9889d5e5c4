import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { EgressConfig } from '#libs/config';
import { AddressPolicy } from './address-policy.js';
import { isRefusal, UrlPolicy } from './url-policy.js';

interface Case {
  readonly n: number;
  readonly url: string;
  readonly expected: 'A' | 'D' | 'R';
  readonly reason: string;
}

const vectors = new URL('../../../test/vectors/ssrf-cases.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(vectors, 'utf8')) as { cases: readonly Case[] };

const PRODUCTION: EgressConfig = {
  allowCidrs: [],
  allowPorts: [],
  allowHosts: [],
  allowLoopback: false,
};

const REASONS: Readonly<Record<string, string>> = {
  address: 'blocked_address',
  reserved_name: 'blocked_name',
  bad_label: 'blocked_name',
  invalid: 'blocked_name',
  whitespace_or_control: 'blocked_name',
  scheme: 'blocked_scheme',
  userinfo: 'blocked_userinfo',
  port: 'blocked_port',
};

/** `address` or `public-name` (resolve, then judge every address) if allowed, else the type of the refusal. */
function verdict(url: string, egress: Partial<EgressConfig> = {}): string {
  const settings = { ...PRODUCTION, ...egress };
  const judged = new UrlPolicy(settings, new AddressPolicy(settings)).judge(url);
  return isRefusal(judged) ? judged.errorType : judged.kind;
}

test.each(cases)('case $n: $url is judged $expected ($reason)', ({ url, expected, reason }) => {
  const allowed = expected === 'A' ? 'address' : 'public-name';
  expect(verdict(url)).toBe(expected === 'D' ? REASONS[reason] : allowed);
});

test.each([
  ['http://0x7f.1/', 'blocked_address'],
  ['http://0177.0.0.1/', 'blocked_address'],
  ['http://[::1]/', 'blocked_address'],
  ['http://[2002:808:808::]/', 'blocked_address'],
  ['http://[2001:db8::1]/', 'blocked_address'],
  ['http://[100::1]/', 'blocked_address'],
  ['http://[4000::1]/', 'blocked_address'],
  ['http://[2606:4700::5efe:a00:1]/', 'blocked_address'],
  ['http://168.63.129.16/', 'blocked_address'],
  ['http://LOCALHOST/', 'blocked_name'],
  ['http://ｌｏｃａｌｈｏｓｔ/', 'blocked_name'],
  ['http://metadata.google.internal./', 'blocked_name'],
  ['http://metadata.goog/', 'blocked_name'],
  ['http://a.b.svc.cluster.local/', 'blocked_name'],
  ['https://example.com../', 'blocked_name'],
  ['https://-a.example.com/', 'blocked_name'],
  [`https://${'a'.repeat(64)}.com/`, 'blocked_name'],
  [`https://example.com/${'a'.repeat(2048)}`, 'blocked_name'],
  [' https://example.com/', 'blocked_name'],
  ['https://example.com/\n', 'blocked_name'],
  ['https://example.com/a b', 'blocked_name'],
  ['https:///example.com/', 'blocked_scheme'],
  ['//example.com/', 'blocked_scheme'],
  ['example.com', 'blocked_scheme'],
  ['', 'blocked_scheme'],
  ['file:///etc/passwd', 'blocked_scheme'],
  ['ws://example.com/', 'blocked_scheme'],
  ['https://@example.com/', 'blocked_userinfo'],
  ['https://:@example.com/', 'blocked_userinfo'],
  ['https://example.com:22/', 'blocked_port'],
  ['https://exa%40mple.com/', 'blocked_name'],
  ['https://example.com:/', 'public-name'],
  ['https://EXAMPLE.com./', 'public-name'],
  ['https://example.com:80/', 'public-name'],
  ['https://example.com/a@b', 'public-name'],
  ['https://xn--bcher-kva.example.com/', 'public-name'],
])('%s is judged %s', (url, expected) => {
  expect(verdict(url)).toBe(expected);
});

test('the normalised form has no fragment and no trailing dot', () => {
  const judged = new UrlPolicy(PRODUCTION, new AddressPolicy(PRODUCTION)).judge(
    'HTTPS://EXAMPLE.com.:443/a?b=c#d',
  );
  expect(judged).toMatchObject({
    url: 'https://example.com/a?b=c',
    lines: expect.stringMatching(/^ \/a\?b=c HTTP\/1\.1\r\nhost: example\.com\r\n/) as string,
    host: 'example.com',
    port: 443,
  });
});

test('development reaches its own machine on any port, and nothing else', () => {
  const egress = { allowLoopback: true };
  expect(verdict('http://127.0.0.1:3000/', egress)).toBe('address');
  expect(verdict('http://127.1:3000/', egress)).toBe('address');
  expect(verdict('http://[::1]:3000/', egress)).toBe('address');
  expect(verdict('http://localhost:3000/', egress)).toBe('localhost');
  expect(verdict('http://inbox.localhost.:3000/', egress)).toBe('localhost');
  expect(verdict('http://localhost:0/', egress)).toBe('blocked_port');
  expect(verdict('http://0.0.0.0:3000/', egress)).toBe('blocked_address');
  expect(verdict('http://10.0.0.1/', egress)).toBe('blocked_address');
  expect(verdict('http://example.com:3000/', egress)).toBe('blocked_port');
  expect(verdict('http://[::ffff:127.0.0.1]/', egress)).toBe('blocked_address');
});

test('the operator opens networks, ports and internal names one by one', () => {
  const egress = {
    allowCidrs: ['10.1.0.0/16', 'fd00:1::/64'],
    allowPorts: [8080],
    allowHosts: ['inbox', 'Hooks.Internal'],
  };
  expect(verdict('http://10.1.2.3:8080/', egress)).toBe('address');
  expect(verdict('http://10.2.0.1:8080/', egress)).toBe('blocked_address');
  expect(verdict('http://10.1.2.3:8081/', egress)).toBe('blocked_port');
  expect(verdict('http://[fd00:1::9]/', egress)).toBe('address');
  expect(verdict('http://inbox:8080/', egress)).toBe('internal-name');
  expect(verdict('http://hooks.internal/', { ...egress, allowHosts: ['hooks.internal'] })).toBe(
    'internal-name',
  );
  expect(verdict('http://outbox/', egress)).toBe('blocked_name');
});

test('no setting opens the metadata services of clouds', () => {
  const egress = { allowLoopback: true, allowCidrs: ['0.0.0.0/0', '::/0'] };
  for (const host of [
    '169.254.169.254',
    '169.254.170.2',
    '100.100.100.200',
    '[fd00:ec2::254]',
    '[::ffff:169.254.169.254]',
    '[64:ff9b::a9fe:a9fe]',
    '[2002:a9fe:a9fe::]',
    '[::169.254.169.254]',
  ]) {
    expect(verdict(`http://${host}/`, egress), host).toBe('blocked_address');
  }
  expect(verdict('http://192.168.0.1/', egress)).toBe('address');
});
