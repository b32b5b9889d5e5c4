import { createPublicKey, type KeyObject, verify } from 'node:crypto';

/** A raw public key of 32 bytes has this in front where a whole key is expected (RFC 8410). */
const SPKI_HEAD = Buffer.from('302a300506032b6570032100', 'hex');

/** The key in `whpk_` and 32 bytes of base64. Throws on anything else, when the receiver is made. */
export function publicKeyOf(text: string): KeyObject {
  const raw = Buffer.from(text.replace(/^whpk_/, ''), 'base64');
  if (!text.startsWith('whpk_') || raw.length !== 32) {
    throw new TypeError('A public key is whpk_ followed by 32 bytes in base64.');
  }
  return createPublicKey({ key: Buffer.concat([SPKI_HEAD, raw]), format: 'der', type: 'spki' });
}

/** Whether one of the keys made this base64 signature over the message. */
export function isSignedByOneOf(keys: readonly KeyObject[], message: Buffer, signature: string): boolean {
  const bytes = Buffer.from(signature, 'base64');
  if (bytes.length !== 64 || bytes.toString('base64') !== signature) return false;
  return keys.some((key) => verify(null, message, key, bytes));
}
