import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AddressPolicy } from './address-policy.js';
import { isRefusal, UrlPolicy } from './url-policy.js';

const egress = { allowCidrs: [], allowPorts: [], allowHosts: [], allowLoopback: false };
const addresses = new AddressPolicy(egress);
const urls = new UrlPolicy(egress, addresses);
const isAllowed = (host: string): boolean => !isRefusal(urls.judge(`http://${host}/`));

/** Half of them near the special blocks, where a wrong boundary would show. */
const ipv4 = fc.oneof(
  fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255)),
  fc.tuple(
    fc.constantFrom(0, 9, 10, 11, 100, 126, 127, 128, 168, 169, 172, 192, 198, 203, 223, 224, 240, 255),
    fc.constantFrom(0, 1, 15, 16, 18, 19, 20, 31, 32, 51, 63, 64, 88, 100, 127, 128, 168, 169, 254, 255),
    fc.nat(255),
    fc.nat(255),
  ),
);
const spellings = {
  decimal: (n: number) => String(n),
  hexadecimal: (n: number) => `0x${n.toString(16).toUpperCase()}`,
  octal: (n: number) => `0${n.toString(8)}`,
  fullWidth: (n: number) => String(n).replace(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit))),
  percent: (n: number) => String(n).replace(/\d/g, (digit) => `%3${digit}`),
};
const group = (high: number, low: number): string => ((high << 8) | low).toString(16);
const asGroups = ([a, b, c, d]: readonly [number, number, number, number]): string =>
  `${group(a, b)}:${group(c, d)}`;

/** The same 32 bits in one, two, three or four parts, each in its own base. */
function spell(bytes: readonly number[], parts: number, bases: readonly (keyof typeof spellings)[]): string {
  const leading = bytes.slice(0, parts - 1);
  const rest = bytes.slice(parts - 1).reduce((sum, byte) => sum * 256 + byte, 0);
  return [...leading, rest].map((value, index) => spellings[bases[index] ?? 'decimal'](value)).join('.');
}

test('every spelling of an IPv4 address gets the verdict of the address', () => {
  const base = fc.constantFrom(...(Object.keys(spellings) as (keyof typeof spellings)[]));
  const bases = fc.tuple(base, base, base, base);
  fc.assert(
    fc.property(
      ipv4,
      fc.integer({ min: 1, max: 4 }),
      bases,
      fc.constantFrom('', '.'),
      (bytes, parts, chosen, dot) => {
        expect(isAllowed(spell(bytes, parts, chosen) + dot)).toBe(addresses.allows(bytes.join('.')));
      },
    ),
    { numRuns: 2000 },
  );
});

test('an IPv4 address dressed up as IPv6 outside the global block is never allowed', () => {
  fc.assert(
    fc.property(ipv4, (bytes) => {
      const groups = asGroups(bytes);
      for (const prefix of [
        '::',
        '::ffff:',
        '::ffff:0:',
        '64:ff9b::',
        '64:ff9b:1::',
        '::5efe:',
        'fe80::5efe:',
      ]) {
        expect(isAllowed(`[${prefix}${groups}]`), prefix).toBe(false);
      }
      expect(isAllowed(`[2002:${groups}::1]`)).toBe(false);
      expect(isAllowed(`[2001:0:808:808:0:0:${asGroups(inverted(bytes))}]`)).toBe(false);
    }),
  );
});

test('an IPv4 address inside a global IPv6 address is judged as itself', () => {
  fc.assert(
    fc.property(ipv4, (bytes) => {
      for (const prefix of ['2606:4700:0:1:0:5efe', '2606:4700:0:1:200:5efe']) {
        expect(isAllowed(`[${prefix}:${asGroups(bytes)}]`)).toBe(addresses.allows(bytes.join('.')));
      }
    }),
  );
});

test('an IPv6 address is allowed only in 2000::/3', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(0xffff), { minLength: 8, maxLength: 8 }), (groups) => {
      const text = groups.map((value) => value.toString(16)).join(':');
      if ((groups[0] ?? 0) >> 13 !== 1) expect(isAllowed(`[${text}]`)).toBe(false);
      expect(isAllowed(`[${text}]`)).toBe(addresses.allows(text));
    }),
  );
});

test('judging never throws, whatever the text', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.webUrl()), (text) => {
      expect(urls.judge(text)).toBeDefined();
      expect(urls.judge(`https://${text}`)).toBeDefined();
      expect(urls.judge(`http://[${text}]/`)).toBeDefined();
    }),
  );
});

test('a text that is no address is never allowed', () => {
  for (const text of ['', 'localhost', '8.8.8', '8.8.8.8.', '[2606:4700::1]', 'fe80::1%eth0']) {
    expect(addresses.allows(text), text).toBe(false);
  }
  expect(addresses.allows('2606:4700::1111')).toBe(true);
});

function inverted(bytes: readonly [number, number, number, number]): [number, number, number, number] {
  return [bytes[0] ^ 0xff, bytes[1] ^ 0xff, bytes[2] ^ 0xff, bytes[3] ^ 0xff];
}
