import { createHash, createHmac } from 'node:crypto';
import { signEd25519 } from '../secrets/ed25519.js';

export type HttpSignatureAlgorithm = 'hmac-sha256' | 'ed25519';

/** RFC 9530: the value of `Content-Digest`. */
export function contentDigest(body: Buffer): string {
  return `sha-256=:${createHash('sha256').update(body).digest('base64')}:`;
}

/** Something that a signature covers: a header, or what stands for a part of the request, such as `@method`. */
export type Component = readonly [name: string, value: string];

/** RFC 9421 §2.5: what is signed. */
export function signatureBase(covered: readonly Component[], params: string): string {
  const lines = covered.map(([name, value]) => `"${name}": ${value}`);
  return [...lines, `"@signature-params": ${params}`].join('\n');
}

export function signBase(algorithm: HttpSignatureAlgorithm, key: Buffer, base: string): Buffer {
  if (algorithm === 'ed25519') return signEd25519(key, Buffer.from(base));
  return createHmac('sha256', key).update(base).digest();
}
