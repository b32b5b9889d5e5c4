import { createHmac } from 'node:crypto';
import { isEqualConstantTime } from '../constant-time.js';
import type { SecretFormat } from '../secrets/secret-format.js';
import { utf8Secret } from '../secrets/text-secret.js';
import { isFresh, type SignatureInput, type Signer, type Verification } from './signer.js';
import { parseTemplate, type SignedParts, type Template } from './template.js';

/** How a signature that stands alone in one header is made. */
export interface HmacRecipe {
  readonly name: string;
  readonly header: string;
  /** What is signed, with `{id}`, `{timestamp}`, `{body}` and `{url}`; the body alone if left out. */
  readonly template?: string;
  readonly algorithm?: 'sha1' | 'sha256' | 'sha384' | 'sha512';
  readonly encoding?: 'hex' | 'base64' | 'base64url';
  /** What stands before the signature in the header. */
  readonly prefix?: string;
  readonly secret?: SecretFormat;
  /** Headers that carry `{timestamp}` and `{id}`. */
  readonly timestampHeader?: string;
  readonly idHeader?: string;
  /** `unix` seconds if left out. */
  readonly timestampFormat?: 'unix' | 'iso';
}

/**
 * A signer of the kind that most vendors have: HMAC over some text and the body, in a header. There is room for one
 * signature, so the newest secret makes it; verifying takes any of them.
 */
export function hmacSigner(recipe: HmacRecipe): Signer {
  const template = parseTemplate(recipe.template ?? '{body}');
  const { secret = utf8Secret } = recipe;
  return {
    name: recipe.name,
    secret,
    verificationKey: (text) => secret.parse(text),
    headers: (input) => headersOf(recipe, template, input),
    verify: (input) => verifies(recipe, template, input),
  };
}

function headersOf(recipe: HmacRecipe, template: Template, input: SignatureInput): Record<string, string> {
  const { timestampHeader, idHeader, timestampFormat } = recipe;
  const { id, body, url = '', keys } = input;
  const timestamp = timestampFormat === 'iso' ? isoSeconds(input.timestamp) : String(input.timestamp);
  const headers: Record<string, string> = {};
  if (idHeader !== undefined) headers[idHeader] = id;
  if (timestampHeader !== undefined) headers[timestampHeader] = timestamp;
  const [key] = keys;
  if (key !== undefined)
    headers[recipe.header] = valueOf(recipe, template, key, { id, timestamp, body, url });
  return headers;
}

function verifies(recipe: HmacRecipe, template: Template, input: Verification): boolean {
  const { headers, body, url } = input.request;
  const offered = headers[recipe.header.toLowerCase()];
  const id = recipe.idHeader === undefined ? '' : headers[recipe.idHeader.toLowerCase()];
  const timestamp = recipe.timestampHeader === undefined ? '' : headers[recipe.timestampHeader.toLowerCase()];
  if (offered === undefined || id === undefined || timestamp === undefined) return false;
  if (recipe.timestampHeader !== undefined && !isFresh(secondsOf(recipe, timestamp), input)) return false;
  const parts = { id, timestamp, body, url };
  return input.keys.some((key) => isEqualConstantTime(offered, valueOf(recipe, template, key, parts)));
}

function valueOf(recipe: HmacRecipe, template: Template, key: Buffer, parts: SignedParts): string {
  const { algorithm = 'sha256', encoding = 'hex', prefix = '' } = recipe;
  const hmac = createHmac(algorithm, key);
  for (const piece of template) hmac.update(typeof piece === 'string' ? piece : parts[piece.part]);
  return prefix + hmac.digest(encoding);
}

function secondsOf({ timestampFormat }: HmacRecipe, text: string): number {
  if (timestampFormat === 'iso') return Date.parse(text) / 1000;
  return /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
}

function isoSeconds(timestamp: number): string {
  return new Date(timestamp * 1000).toISOString().replace('.000Z', 'Z');
}
