import { createHash, createHmac } from 'node:crypto';
import type { SignatureInput, Signer } from './signer.js';

export const SWT_ALGORITHMS = ['HS256', 'HS384', 'HS512'] as const;
export type SwtAlgorithm = (typeof SWT_ALGORITHMS)[number];

const DIGESTS: Readonly<Record<SwtAlgorithm, string>> = { HS256: 'sha256', HS384: 'sha384', HS512: 'sha512' };
const LIFETIME_SECONDS = 300;
/** For a request that tells of no event. */
const NO_EVENT = 'webhook.challenge';

export interface SwtRules {
  /** Who says it. */
  readonly issuer: string;
  readonly algorithm?: SwtAlgorithm;
}

/** What a token says. */
export interface SwtClaims extends SwtRules {
  readonly event: string;
  /** Of the event to this receiver, from 1. */
  readonly attempt?: number;
  readonly body: Buffer;
  /** Unix seconds. */
  readonly timestamp: number;
  /** No two tokens have the same. */
  readonly tokenId: string;
}

/**
 * Secure Webhook Token (draft-knauer-secure-webhook-token-02): a JWT as bearer token, with the digest of the body among
 * its claims. There is room for one token, so the newest secret makes it.
 */
export function swtSigner(rules: SwtRules): Signer {
  return {
    headers: (input): Record<string, string> => {
      const [key] = input.keys;
      return key === undefined ? {} : { Authorization: `Bearer ${swtToken(key, claimsOf(rules, input))}` };
    },
  };
}

/** The members stand in the order of the draft. */
export function swtToken(key: Buffer, claims: SwtClaims): string {
  const { algorithm = 'HS256', event, attempt = 1, body, issuer, timestamp, tokenId } = claims;
  const webhook = {
    event,
    ...(body.length > 0 && { hash: hashOf(body) }),
    ...(attempt > 1 && { retry_count: attempt - 1 }),
  };
  const payload = {
    webhook,
    iss: issuer,
    exp: timestamp + LIFETIME_SECONDS,
    nbf: timestamp,
    iat: timestamp,
    jti: tokenId,
  };
  const signed = `${encoded({ alg: algorithm, typ: 'SWT' })}.${encoded(payload)}`;
  return `${signed}.${signatureOf(algorithm, key, signed)}`;
}

function claimsOf(rules: SwtRules, { id, timestamp, body, event, attempt = 1 }: SignatureInput): SwtClaims {
  const tokenId = tokenIdOf(`${id}.${timestamp}.${attempt}`);
  return { ...rules, event: event?.type ?? NO_EVENT, attempt, body, timestamp, tokenId };
}

/** A UUID of version 8 for each attempt: receivers take a token once, and an attempt made again makes the same. */
function tokenIdOf(attempt: string): string {
  const hex = createHash('sha256').update(`swt.${attempt}`).digest('hex');
  const variant = ((parseInt(hex.slice(16, 17), 16) & 3) | 8).toString(16);
  const groups = [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, variant + hex.slice(17, 20)];
  return [...groups, hex.slice(20, 32)].join('-');
}

function hashOf(body: Buffer): string {
  return `sha-256:${createHash('sha256').update(body).digest('hex')}`;
}

function signatureOf(algorithm: SwtAlgorithm, key: Buffer, signed: string): string {
  return createHmac(DIGESTS[algorithm], key).update(signed).digest('base64url');
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
