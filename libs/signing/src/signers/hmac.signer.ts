import { createHmac } from 'node:crypto';
import type { SignatureInput, Signer } from './signer.js';
import { parseTemplate, type SignedParts, type Template } from './template.js';

/** How a signature that stands alone in one header is made. */
export interface HmacRecipe {
  readonly header: string;
  /** What is signed, with `{id}`, `{timestamp}`, `{body}` and `{url}`; the body alone if left out. */
  readonly template?: string;
  readonly algorithm?: 'sha1' | 'sha256' | 'sha384' | 'sha512';
  readonly encoding?: 'hex' | 'base64' | 'base64url';
  /** What stands before the signature in the header. */
  readonly prefix?: string;
  /** Headers that carry `{timestamp}` and `{id}`. */
  readonly timestampHeader?: string;
  readonly idHeader?: string;
  /** `unix` seconds if left out. */
  readonly timestampFormat?: 'unix' | 'iso';
}

/**
 * A signer of the kind that most vendors have: HMAC over some text and the body, in a header. There is room for one
 * signature, so the newest secret makes it.
 */
export function hmacSigner(recipe: HmacRecipe): Signer {
  const template = parseTemplate(recipe.template ?? '{body}');
  return { headers: (input) => headersOf(recipe, template, input) };
}

function headersOf(recipe: HmacRecipe, template: Template, input: SignatureInput): Record<string, string> {
  const { timestampHeader, idHeader, timestampFormat } = recipe;
  const { id, body, keys, url: sentTo = '', registeredUrl: url = sentTo } = input;
  const timestamp = timestampFormat === 'iso' ? isoSeconds(input.timestamp) : String(input.timestamp);
  const headers: Record<string, string> = {};
  if (idHeader !== undefined) headers[idHeader] = id;
  if (timestampHeader !== undefined) headers[timestampHeader] = timestamp;
  const [key] = keys;
  if (key !== undefined)
    headers[recipe.header] = valueOf(recipe, template, key, { id, timestamp, body, url });
  return headers;
}

function valueOf(recipe: HmacRecipe, template: Template, key: Buffer, parts: SignedParts): string {
  const { algorithm = 'sha256', encoding = 'hex', prefix = '' } = recipe;
  const hmac = createHmac(algorithm, key);
  for (const piece of template) hmac.update(typeof piece === 'string' ? piece : parts[piece.part]);
  return prefix + hmac.digest(encoding);
}

function isoSeconds(timestamp: number): string {
  return new Date(timestamp * 1000).toISOString().replace('.000Z', 'Z');
}
