import type { EgressConfig } from '#libs/config';
import { type Address, contains, embeddedIPv4, type Network, parseAddress, parseNetwork } from './address.js';

/** Everything in the IANA special-purpose registry; webhooks have no business with any of it. */
const SPECIAL_IPV4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
].map(parseNetwork);

/** For IPv6 only the block in which the internet lives is allowed: new special blocks outside need no update here. */
const GLOBAL_IPV6 = parseNetwork('2000::/3');
const SPECIAL_IPV6 = [
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '2620:4f:8000::/48',
  '3ffe::/16',
  '3fff::/20',
].map(parseNetwork);

/** Where clouds hand out credentials. No setting opens these; link-local as a whole, as the hosts in it vary. */
const METADATA = [
  '169.254.0.0/16',
  '100.100.100.200/32',
  '168.63.129.16/32',
  '192.0.0.192/32',
  'fd00:ec2::/32',
  'fd20:ce::254/128',
  'fe80::/10',
].map(parseNetwork);

const LOOPBACK = ['127.0.0.0/8', '::1/128'].map(parseNetwork);

const within = (networks: readonly Network[], address: Address): boolean =>
  networks.some((network) => contains(network, address));

/** Which addresses may be connected to: public ones, and those that the operator named. */
export class AddressPolicy {
  readonly #allowLoopback: boolean;
  readonly #allowedNetworks: readonly Network[];

  constructor(egress: Pick<EgressConfig, 'allowCidrs' | 'allowLoopback'>) {
    this.#allowLoopback = egress.allowLoopback;
    this.#allowedNetworks = egress.allowCidrs.map(parseNetwork);
  }

  /** May we connect to this address on behalf of a subscriber? */
  allows(text: string): boolean {
    const address = parseAddress(text);
    return address !== null && this.#allows(address);
  }

  /** May this be an address of a host that only the operator's own network knows? */
  allowsInternal(text: string): boolean {
    const address = parseAddress(text);
    return address !== null && !isMetadata(address) && this.#isOperators(address);
  }

  /** Loopback, where development allows it. */
  allowsLoopback(text: string): boolean {
    const address = parseAddress(text);
    return address !== null && this.#allowLoopback && within(LOOPBACK, address);
  }

  #allows(address: Address): boolean {
    if (isMetadata(address)) return false;
    if (this.#isOperators(address)) return true;
    const embedded = embeddedIPv4(address);
    if (embedded !== null && !this.#allows(embedded)) return false;
    return isPublic(address);
  }

  #isOperators(address: Address): boolean {
    return (this.#allowLoopback && within(LOOPBACK, address)) || within(this.#allowedNetworks, address);
  }
}

function isMetadata(address: Address): boolean {
  const embedded = embeddedIPv4(address);
  return within(METADATA, address) || (embedded !== null && within(METADATA, embedded));
}

function isPublic(address: Address): boolean {
  if (address.length === 4) return !within(SPECIAL_IPV4, address);
  return contains(GLOBAL_IPV6, address) && !within(SPECIAL_IPV6, address);
}
