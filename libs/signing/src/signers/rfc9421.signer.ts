import { parsePublicKey } from '../secrets/asymmetric-secret.js';
import { standardSecret } from '../secrets/standard-secret.js';
import {
  contentDigest,
  type HttpSignatureAlgorithm,
  signatureBase,
  signBase,
  verifyBase,
} from './http-signature-text.js';
import {
  isFresh,
  type ReceivedRequest,
  type SignatureInput,
  type Signer,
  type Verification,
} from './signer.js';

/** Method and URL keep a signature from being good for another receiver; the digest stands for the body. */
const COVERED = [
  '@method',
  '@target-uri',
  'content-type',
  'content-digest',
  'webhook-id',
  'webhook-timestamp',
];
const COMPONENTS = COVERED.map((name) => `"${name}"`).join(' ');
/** A member of `Signature-Input`: its label, its components, its parameters. */
const MEMBER =
  /(?:^|,)\s*([a-z*][\w*.-]*)=(\(((?:[^()"]|"[^"]*")*)\)((?:;[a-z*][\w*.-]*=(?:"[^"]*"|[\w.-]+))*))/g;
/** A member of `Signature`. */
const VALUE = /(?:^|,)\s*([a-z*][\w*.-]*)=:([A-Za-z0-9+/=]*):/g;

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
  const { algorithm } = rules;
  return {
    name: 'rfc9421',
    secret: standardSecret,
    verificationKey: (text) => (algorithm === 'ed25519' ? parsePublicKey(text) : standardSecret.parse(text)),
    headers: (input) => headersOf(rules, input),
    verify: (input) => verifies(algorithm, input),
  };
}

function headersOf(rules: HttpSignatureRules, input: SignatureInput): Record<string, string> {
  const { id, timestamp, body, url = '', keys } = input;
  const covered = {
    'content-digest': contentDigest(body),
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
  };
  const request = { method: 'POST', url, body, headers: { ...covered, 'content-type': rules.contentType } };
  const inputs: string[] = [];
  const signatures: string[] = [];
  keys.forEach((key, at) => {
    const params = `(${COMPONENTS});created=${timestamp};keyid="${rules.keyId(key)}";alg="${rules.algorithm}";tag="webhook"`;
    const base = signatureBase(COVERED, params, request) ?? '';
    inputs.push(`sig${at + 1}=${params}`);
    signatures.push(
      `sig${at + 1}=:${signBase(rules.algorithm, rules.signingKey(key), base).toString('base64')}:`,
    );
  });
  return {
    'Content-Digest': covered['content-digest'],
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'Signature-Input': inputs.join(', '),
    Signature: signatures.join(', '),
  };
}

function verifies(algorithm: HttpSignatureAlgorithm, input: Verification): boolean {
  const { request, keys } = input;
  if (request.headers['content-digest'] !== contentDigest(request.body)) return false;
  return signaturesOf(request).some(({ created, signed }) => {
    if (!isFresh(created, input)) return false;
    return keys.some((key) => verifyBase(algorithm, key, signed));
  });
}

interface OfferedSignature {
  readonly created: number;
  readonly signed: { readonly base: string; readonly signature: Buffer };
}

/** The signatures that cover what they must, for this request. */
function signaturesOf(request: ReceivedRequest): OfferedSignature[] {
  const offered = (request.headers['signature'] ?? '').matchAll(VALUE);
  const values = new Map([...offered].map(([, label = '', value = '']) => [label, value]));
  return [...(request.headers['signature-input'] ?? '').matchAll(MEMBER)].flatMap((member) => {
    const [, label = '', params = '', inner = '', parameters = ''] = member;
    const components = [...inner.matchAll(/"([^"]*)"/g)].map(([, name = '']) => name);
    if (!COVERED.every((name) => components.includes(name))) return [];
    const base = signatureBase(components, params, request);
    const value = values.get(label);
    const created = Number(/;created=(\d{1,15})(?:;|$)/.exec(parameters)?.[1] ?? Number.NaN);
    if (base === null || value === undefined) return [];
    return [{ created, signed: { base, signature: Buffer.from(value, 'base64') } }];
  });
}
