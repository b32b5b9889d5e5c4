import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Four or sixteen bytes. Addresses are judged as numbers; judging their text is how filters get bypassed. */
export type Address = readonly number[];

export interface Network {
  readonly address: Address;
  readonly bits: number;
}

/** Reads an address as the resolver, the URL parser or the socket writes it; null if it is none. */
export function parseAddress(text: string): Address | null {
  const zone = text.indexOf('%');
  const bare = zone === -1 ? text : text.slice(0, zone);
  return isIP(bare) === 0 ? null : ipaddr.parse(bare).toByteArray();
}

/** Reads `10.0.0.0/8` or `fd00::/8`; throws on anything else. */
export function parseNetwork(cidr: string): Network {
  const [range, bits] = ipaddr.parseCIDR(cidr);
  return { address: range.toByteArray(), bits };
}

export function contains(network: Network, address: Address): boolean {
  if (network.address.length !== address.length) return false;
  return network.address.every((byte, index) => {
    const bits = Math.min(8, Math.max(0, network.bits - index * 8));
    const mask = (0xff << (8 - bits)) & 0xff;
    return (byte & mask) === ((address[index] ?? 0) & mask);
  });
}

/** Prefixes whose last 32 bits are an IPv4 address: compatible, mapped, translated and both NAT64 blocks. */
const IPV4_IN_LAST_BYTES = [
  '::/96',
  '::ffff:0:0/96',
  '::ffff:0:0:0/96',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
].map(parseNetwork);
const SIX_TO_FOUR = parseNetwork('2002::/16');
const TEREDO = parseNetwork('2001::/32');

/** The IPv4 address that an IPv6 address carries, and to which a gateway on the way would send us. */
export function embeddedIPv4(address: Address): Address | null {
  if (address.length !== 16) return null;
  if (contains(SIX_TO_FOUR, address)) return address.slice(2, 6);
  if (contains(TEREDO, address)) return address.slice(12).map((byte) => byte ^ 0xff);
  if (isIsatap(address) || IPV4_IN_LAST_BYTES.some((network) => contains(network, address)))
    return address.slice(12);
  return null;
}

/** ISATAP writes `0:5efe` or `200:5efe` before the IPv4 address, under any prefix. */
function isIsatap(address: Address): boolean {
  return (
    (address[8] === 0 || address[8] === 2) && address[9] === 0 && address[10] === 0x5e && address[11] === 0xfe
  );
}

/** The same address, however it is written. */
export function isSameAddress(left: string, right: string): boolean {
  return left === right || parseAddress(left)?.join() === parseAddress(right)?.join();
}
