import type { KeyObject } from 'node:crypto';
import { parseSecret } from '#libs/signing';
import { headerOf, type IncomingRequest } from '../request.js';
import { isSignedByOneOf, publicKeyOf } from './ed25519.js';
import { signingKey } from './hmac.js';
import { isRecent } from './timestamp.js';

/**
 * Bellhop sends eight at most, while secrets change. Each that a public key has to judge costs a pass over the body, so
 * a header is read no further than this.
 */
const MAX_SIGNATURES = 16;

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
    const parts = [Buffer.from(`${id}.${time}.`), request.body];
    const given = signaturesOf(signature, 'v1,');
    const key = signingKey({ given, parts, keys: this.keys, encoding: 'base64' });
    if (key) return { id, key };
    return this.isSignedPrivately(parts, signaturesOf(signature, 'v1a,')) ? { id, key: null } : null;
  }

  private isSignedPrivately(parts: readonly Buffer[], offered: readonly string[]): boolean {
    if (this.publicKeys.length === 0) return false;
    const message = Buffer.concat(parts);
    return offered.some((signature) => isSignedByOneOf(this.publicKeys, message, signature));
  }
}

/** Those of one version among the first, without its name. */
function signaturesOf(header: string, version: 'v1,' | 'v1a,'): string[] {
  const tokens = header.split(' ', MAX_SIGNATURES).filter((token) => token.startsWith(version));
  return tokens.map((token) => token.slice(version.length));
}
