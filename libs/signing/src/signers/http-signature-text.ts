import { createHash, createHmac } from 'node:crypto';
import { isEqualConstantTime } from '../constant-time.js';
import { signEd25519, verifyEd25519 } from '../secrets/ed25519.js';
import type { ReceivedRequest } from './signer.js';

export type HttpSignatureAlgorithm = 'hmac-sha256' | 'ed25519';

/** RFC 9530: the value of `Content-Digest`. */
export function contentDigest(body: Buffer): string {
  return `sha-256=:${createHash('sha256').update(body).digest('base64')}:`;
}

/** RFC 9421 §2.5: what is signed. Null if a component is not known or not there. */
export function signatureBase(
  components: readonly string[],
  params: string,
  request: ReceivedRequest,
): string | null {
  const lines: string[] = [];
  for (const name of components) {
    const value = componentValue(name, request);
    if (value === null) return null;
    lines.push(`"${name}": ${value}`);
  }
  return [...lines, `"@signature-params": ${params}`].join('\n');
}

export function signBase(algorithm: HttpSignatureAlgorithm, key: Buffer, base: string): Buffer {
  if (algorithm === 'ed25519') return signEd25519(key, Buffer.from(base));
  return createHmac('sha256', key).update(base).digest();
}

/** For ed25519 the key is the public one. */
export function verifyBase(algorithm: HttpSignatureAlgorithm, key: Buffer, signed: SignedText): boolean {
  if (algorithm === 'ed25519') return verifyEd25519(key, Buffer.from(signed.base), signed.signature);
  const expected = signBase(algorithm, key, signed.base);
  return isEqualConstantTime(expected.toString('hex'), signed.signature.toString('hex'));
}

export interface SignedText {
  readonly base: string;
  readonly signature: Buffer;
}

function componentValue(name: string, { method, url, headers }: ReceivedRequest): string | null {
  if (!name.startsWith('@')) return headers[name]?.trim() ?? null;
  if (name === '@method') return method;
  if (name === '@target-uri') return url;
  const target = URL.parse(url);
  if (target === null) return null;
  if (name === '@authority') return target.host;
  if (name === '@path') return target.pathname;
  return name === '@query' ? target.search || '?' : null;
}
