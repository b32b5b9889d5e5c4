import { parsedJson, textOf } from '../json.js';
import { digestOf, newEvent } from '../received-event.js';
import { headerOf, type IncomingRequest } from '../request.js';
import { badSignature, brought, type Reading } from '../sender.js';
import { type HmacAlgorithm, signingKey } from '../verify/hmac.js';

export interface BodyHmac {
  readonly header: string;
  readonly prefix?: string;
  readonly keys: readonly Buffer[];
  readonly encoding: 'hex' | 'base64';
  readonly algorithm?: HmacAlgorithm;
}

/** Whether a header holds the HMAC over the body alone. */
function isBodySigned(request: IncomingRequest, { header, prefix = '', ...rest }: BodyHmac): boolean {
  const signature = headerOf(request, header) ?? '';
  const given = signature.slice(prefix.length);
  return signature.startsWith(prefix) && signingKey({ ...rest, given, parts: [request.body] }) !== null;
}

/** The whole delivery of senders that sign the body alone and give it no id. */
export function readBodySigned(request: IncomingRequest, signature: BodyHmac): Reading {
  return isBodySigned(request, signature) ? brought([unnamedEvent(request)]) : badSignature();
}

/** An event without an id of its own is known by its bytes. */
function unnamedEvent({ body }: IncomingRequest): ReturnType<typeof newEvent> {
  return newEvent({ id: digestOf(body), type: textOf(parsedJson(body), 'type') ?? '', payload: body });
}
