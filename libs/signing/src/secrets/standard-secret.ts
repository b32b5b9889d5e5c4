import { randomBytes } from 'node:crypto';
import { invalidSecret, type SecretFormat } from './secret-format.js';

const PREFIX = 'whsec_';
const MIN_BYTES = 24;
const MAX_BYTES = 64;
/** Standard alphabet with padding: the verifier libraries refuse the URL-safe one (JS) and missing padding (Go). */
const STANDARD_BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** A new Standard Webhooks secret of 32 random bytes. */
export function newSecret(): string {
  return PREFIX + randomBytes(32).toString('base64');
}

/** The key in a Standard Webhooks secret; anything but the one canonical spelling is `invalid_secret`. */
export function parseSecret(text: string): Buffer {
  const key = text.startsWith(PREFIX) ? decodeBase64(text.slice(PREFIX.length), MAX_BYTES) : null;
  if (key !== null && key.length >= MIN_BYTES) return key;
  throw invalidSecret(
    `must be ${PREFIX} followed by ${MIN_BYTES} to ${MAX_BYTES} random bytes in standard base64 with padding`,
  );
}

/** The bytes of standard base64 in its one canonical spelling; null for anything else, and for too many. */
export function decodeBase64(encoded: string, maxBytes: number): Buffer | null {
  if (encoded.length > maxBytes * 2 || !STANDARD_BASE64.test(encoded)) return null;
  const bytes = Buffer.from(encoded, 'base64');
  return bytes.length <= maxBytes && bytes.toString('base64') === encoded ? bytes : null;
}

/** Standard Webhooks: `whsec_` and base64, decoded before it is used. */
export const standardSecret: SecretFormat = {
  generate: newSecret,
  parse: parseSecret,
  share: (secret) => secret,
  publicKey: () => null,
};
