import {
  type Component,
  contentDigest,
  type HttpSignatureAlgorithm,
  signatureBase,
  signBase,
} from './http-signature-text.js';
import type { SignatureInput, Signer } from './signer.js';

export interface HttpSignatureRules {
  readonly algorithm: HttpSignatureAlgorithm;
  /** Of the request's body, as it is sent. */
  readonly contentType: string;
  keyId(key: Buffer): string;
  /** The bytes that sign, in a key of the profile. */
  signingKey(key: Buffer): Buffer;
}

/** RFC 9421 with RFC 9530: a signature over method, URL, type, digest, id and time; one for each live secret. */
export function rfc9421Signer(rules: HttpSignatureRules): Signer {
  return { headers: (input) => headersOf(rules, input) };
}

function headersOf(rules: HttpSignatureRules, input: SignatureInput): Record<string, string> {
  const { id, timestamp, body, url = '', keys, contentType = rules.contentType } = input;
  const digest = contentDigest(body);
  // Method and URL keep a signature from being good for another receiver; the digest stands for the body.
  const covered: Component[] = [
    ['@method', 'POST'],
    ['@target-uri', url],
    ['content-type', contentType],
    ['content-digest', digest],
    ['webhook-id', id],
    ['webhook-timestamp', String(timestamp)],
  ];
  const members = keys.map((key, at) => ({
    label: `sig${at + 1}`,
    ...sign(rules, key, { covered, timestamp }),
  }));
  return {
    'Content-Digest': digest,
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'Signature-Input': members.map(({ label, params }) => `${label}=${params}`).join(', '),
    Signature: members.map(({ label, signature }) => `${label}=:${signature}:`).join(', '),
  };
}

interface Signed {
  readonly covered: readonly Component[];
  readonly timestamp: number;
}

function sign({ algorithm, ...rules }: HttpSignatureRules, key: Buffer, { covered, timestamp }: Signed) {
  const names = covered.map(([name]) => `"${name}"`).join(' ');
  const params = `(${names});created=${timestamp};keyid="${rules.keyId(key)}";alg="${algorithm}";tag="webhook"`;
  const base = signatureBase(covered, params);
  return { params, signature: signBase(algorithm, rules.signingKey(key), base).toString('base64') };
}
