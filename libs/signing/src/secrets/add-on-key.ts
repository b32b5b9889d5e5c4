import { AppError } from '#libs/kernel';
import { parseSecret } from './standard-secret.js';

const decoded = new WeakMap<Buffer, Buffer>();

/**
 * The Standard Webhooks key in the bytes of a text secret. A signature that a profile does not have by itself is made
 * with the decoded bytes, never with the text: whoever can have the profile's own protocol sign something of his choice
 * must not get one of these. Throws `invalid_secret` unless the text is `whsec_…`.
 */
export function addOnKey(key: Buffer): Buffer {
  const known = decoded.get(key);
  if (known !== undefined) return known;
  const made = parseSecret(key.toString('latin1'));
  decoded.set(key, made);
  return made;
}

/** Whether these bytes are the text of a Standard Webhooks secret. */
export function hasAddOnKey(key: Buffer): boolean {
  try {
    return addOnKey(key).length > 0;
  } catch (error) {
    if (error instanceof AppError) return false;
    throw error;
  }
}
