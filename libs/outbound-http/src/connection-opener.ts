import type { Socket } from 'node:net';
import { isSameAddress } from './address.js';
import type { AddressPolicy } from './address-policy.js';
import { connectToFirst } from './connect-tcp.js';
import type { TlsClient } from './connect-tls.js';
import { OpeningError } from './failure.js';
import type { NameResolver } from './name-resolver.js';
import type { Opening } from './opening.js';
import type { Target } from './target.js';

const LOOPBACK = ['127.0.0.1', '::1'];

/**
 * Opens guarded connections. The addresses that were judged are the addresses that are connected to: nothing is
 * resolved twice, and what the socket says it is connected to is judged once more.
 */
export class ConnectionOpener {
  constructor(
    private readonly addresses: AddressPolicy,
    private readonly names: NameResolver,
    private readonly tls: TlsClient,
  ) {}

  /** Rejects with an `OpeningError`; `key` names the owner and origin that may share TLS sessions. */
  async open(target: Target, key: string, opening: Opening): Promise<Socket> {
    const begin = performance.now();
    const vetted = await this.#vettedAddresses(target);
    opening.assertWanted();
    const resolved = performance.now();
    if (target.kind !== 'address') opening.resolveMs = resolved - begin;
    opening.phase = 'connect';
    const socket = await connectToFirst(vetted, target.port, opening);
    opening.connectMs = performance.now() - resolved;
    this.#checkPeer(socket, vetted, opening);
    return target.isTls ? this.#secure(socket, { target, key }, opening) : socket;
  }

  async #secure(socket: Socket, to: { target: Target; key: string }, opening: Opening): Promise<Socket> {
    const begin = performance.now();
    opening.phase = 'tls';
    const secured = await this.tls.secure(socket, to.target, to.key, opening);
    opening.tlsMs = performance.now() - begin;
    return secured;
  }

  /** One bad address spoils the name: who mixes good and bad ones wants us to pick the bad one. */
  async #vettedAddresses(target: Target): Promise<readonly string[]> {
    if (target.kind === 'address') return [target.host];
    if (target.kind === 'localhost') return LOOPBACK;
    const addresses = await this.names.resolve(target.host);
    const isAllowed = (address: string): boolean =>
      target.kind === 'internal-name'
        ? this.addresses.allowsInternal(address)
        : this.addresses.allows(address);
    if (addresses.every(isAllowed)) return addresses;
    throw new OpeningError({ errorType: 'blocked_address', phase: 'policy' });
  }

  #checkPeer(socket: Socket, vetted: readonly string[], opening: Opening): void {
    const peer = socket.remoteAddress;
    if (peer === undefined) throw new OpeningError({ errorType: 'connect_reset', phase: 'connect' });
    opening.remoteAddress = peer;
    if (vetted.some((address) => isSameAddress(address, peer))) return;
    socket.destroy();
    throw new OpeningError({ errorType: 'blocked_rebind', phase: 'policy' });
  }
}
