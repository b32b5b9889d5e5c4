import { randomBytes } from 'node:crypto';
import { AppError } from '#libs/kernel';

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
  const encoded = text.startsWith(PREFIX) ? text.slice(PREFIX.length) : '';
  if (encoded.length > MAX_BYTES * 2 || !STANDARD_BASE64.test(encoded)) throw invalidSecret();
  const key = Buffer.from(encoded, 'base64');
  const isCanonical = key.toString('base64') === encoded;
  if (!isCanonical || key.length < MIN_BYTES || key.length > MAX_BYTES) throw invalidSecret();
  return key;
}

function invalidSecret(): AppError {
  const message = `must be ${PREFIX} followed by ${MIN_BYTES} to ${MAX_BYTES} random bytes in standard base64 with padding`;
  return new AppError('invalid', 'invalid_secret', `The secret ${message}.`, {
    errors: [{ field: 'secret', message }],
  });
}
