import { createHmac } from 'node:crypto';
import { isEqualConstantTime } from '#libs/signing';

export type HmacAlgorithm = 'sha1' | 'sha256' | 'sha384' | 'sha512';

export interface HmacQuestion {
  /** The signature as the request gave it, without its prefix; where a request may carry several, all of them. */
  readonly given: string | readonly string[];
  /** What is signed, one behind the other. */
  readonly parts: readonly (string | Buffer)[];
  readonly keys: readonly Buffer[];
  readonly encoding: 'hex' | 'base64';
  readonly algorithm?: HmacAlgorithm;
}

/**
 * The key that made a signature, or null. Only the one canonical spelling of a signature fits. The body is hashed once
 * for each key, however many signatures a stranger puts into a header.
 */
export function signingKey({ given, keys, ...question }: HmacQuestion): Buffer | null {
  const offered = typeof given === 'string' ? [given] : given;
  if (offered.length === 0) return null;
  const isMadeBy = (key: Buffer): boolean => {
    const expected = hmac(key, question);
    return offered.some((signature) => isEqualConstantTime(signature, expected));
  };
  return keys.find(isMadeBy) ?? null;
}

export function hmac(key: Buffer, question: Pick<HmacQuestion, 'parts' | 'encoding' | 'algorithm'>): string {
  const { parts, encoding, algorithm = 'sha256' } = question;
  const digest = createHmac(algorithm, key);
  for (const part of parts) digest.update(part);
  return digest.digest(encoding);
}
