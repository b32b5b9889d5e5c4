import type { KeyObject } from 'node:crypto';
import { parseSecret, verifyStandard } from '#libs/signing';
import { headerOf, type IncomingRequest } from '../request.js';
import { isSignedByOneOf, publicKeyOf } from './ed25519.js';
import { isRecent } from './timestamp.js';

/** What a sender of Standard Webhooks is known by: shared secrets (`whsec_…`), public keys (`whpk_…`), or both. */
export interface StandardKeys {
  readonly secrets?: readonly string[];
  readonly publicKeys?: readonly string[];
}

export interface StandardProof {
  readonly id: string;
  /** The shared key that signed; null where a private key did. */
  readonly key: Buffer | null;
}

/** A dot in an id would let the signed text be cut in another place; what cannot be seen is nobody's id. */
const ID = /^[\x21-\x2d\x2f-\x7e]{1,200}$/;

/** Verifies `webhook-id`, `webhook-timestamp` and `webhook-signature` (v1 and v1a) over the bytes of the body. */
export class StandardVerifier {
  private readonly keys: readonly Buffer[];
  private readonly publicKeys: readonly KeyObject[];

  constructor({ secrets = [], publicKeys = [] }: StandardKeys) {
    this.keys = secrets.map(parseSecret);
    this.publicKeys = publicKeys.map(publicKeyOf);
    if (this.keys.length + this.publicKeys.length === 0) {
      throw new TypeError('Standard Webhooks need at least one secret or public key to verify with.');
    }
  }

  /** Who signed which id, or null. */
  proof(request: IncomingRequest, now: Date): StandardProof | null {
    const id = headerOf(request, 'webhook-id');
    const time = headerOf(request, 'webhook-timestamp');
    const signature = headerOf(request, 'webhook-signature');
    if (id === undefined || !ID.test(id) || signature === undefined) return null;
    if (time === undefined || !isRecent(time, now)) return null;
    const given = { id, timestamp: Number(time), body: request.body, signature, now };
    const key = this.keys.find((one) => verifyStandard({ ...given, keys: [one] }));
    if (key) return { id, key };
    const message = Buffer.concat([Buffer.from(`${id}.${time}.`), request.body]);
    return this.isSignedPrivately(message, signature) ? { id, key: null } : null;
  }

  private isSignedPrivately(message: Buffer, signatures: string): boolean {
    if (this.publicKeys.length === 0) return false;
    const offered = signatures.split(' ').filter((token) => token.startsWith('v1a,'));
    return offered.some((token) => isSignedByOneOf(this.publicKeys, message, token.slice('v1a,'.length)));
  }
}
