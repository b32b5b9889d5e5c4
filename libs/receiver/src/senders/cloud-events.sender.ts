import { isEqualConstantTime } from '#libs/signing';
import { parsedJson, textOf } from '../json.js';
import { type NewEvent, newEvent } from '../received-event.js';
import { emptyAnswer, headerOf, type IncomingRequest } from '../request.js';
import { answered, badSignature, brought, type Reading, refused, type Sender } from '../sender.js';
import { type StandardKeys, StandardVerifier } from '../verify/standard.js';

export interface CloudEventsOptions {
  /** The DNS names that may send; others are not consented to. */
  readonly origins: readonly string[];
  /** Requests a minute that this receiver consents to; unlimited if left out. */
  readonly ratePerMinute?: number;
  /** What proves a delivery: a token in `Authorization: Bearer`, or the signature of Standard Webhooks. */
  readonly proof: { readonly bearer: string } | StandardKeys;
}

/** CloudEvents over HTTP: structured, batch and binary, with consent by OPTIONS. The payload kept is structured. */
export function cloudEvents({ origins, ratePerMinute, proof }: CloudEventsOptions): Sender {
  const isProven = proofOf(proof);
  const allowed = origins.map((origin) => origin.toLowerCase());
  return {
    name: 'cloudevents',
    read: (request, now) => {
      if (request.method === 'OPTIONS') return consent(request, { allowed, ratePerMinute });
      return isProven(request, now) ? eventsOf(request) : badSignature();
    },
  };
}

function proofOf(proof: CloudEventsOptions['proof']): (request: IncomingRequest, now: Date) => boolean {
  if (!('bearer' in proof)) {
    const verifier = new StandardVerifier(proof);
    return (request, now) => verifier.proof(request, now) !== null;
  }
  const expected = `Bearer ${proof.bearer}`;
  if (proof.bearer === '') throw new TypeError('The bearer token may not be empty.');
  return (request) => isEqualConstantTime(headerOf(request, 'authorization') ?? '', expected);
}

interface Consent {
  readonly allowed: readonly string[];
  readonly ratePerMinute: number | undefined;
}

function consent(request: IncomingRequest, { allowed, ratePerMinute }: Consent): Reading {
  const origin = headerOf(request, 'webhook-request-origin') ?? '';
  if (!allowed.includes(origin.toLowerCase())) return refused('This origin may not send here.', 403);
  const rate = ratePerMinute === undefined ? '*' : String(ratePerMinute);
  return answered(
    emptyAnswer(200, {
      'webhook-allowed-origin': origin,
      'webhook-allowed-rate': rate,
      allow: 'POST, OPTIONS',
    }),
  );
}

function eventsOf(request: IncomingRequest): Reading {
  const contentType = (headerOf(request, 'content-type') ?? '').toLowerCase();
  const content = parsedJson(request.body);
  if (contentType.startsWith('application/cloudevents-batch+json')) {
    return Array.isArray(content) ? kept(content) : refused('A batch is a JSON array.', 400);
  }
  if (contentType.startsWith('application/cloudevents+json')) return kept([content]);
  return kept([binaryEvent(request, content)]);
}

function kept(events: readonly unknown[]): Reading {
  const named = events.map(namedEvent);
  if (named.includes(null)) return refused('A CloudEvent needs id, source and type.', 400);
  return brought(named.filter((event) => event !== null));
}

/** Only source and id together name an event; a line feed is in neither. */
function namedEvent(event: unknown): NewEvent | null {
  const [id, source, type] = ['id', 'source', 'type'].map((name) => textOf(event, name));
  if (!id || !source || !type) return null;
  return newEvent({ id: `${source}\n${id}`, type, payload: Buffer.from(JSON.stringify(event)) });
}

/** The attributes stand in headers, percent-encoded; the body is the data. */
function binaryEvent(request: IncomingRequest, content: unknown): Record<string, unknown> {
  const attributes = Object.keys(request.headers).filter((name) => /^ce-[a-z0-9]+$/.test(name));
  const event: Record<string, unknown> = Object.fromEntries(
    attributes.map((name) => [name.slice(3), decoded(headerOf(request, name) ?? '')]),
  );
  const dataType = headerOf(request, 'content-type');
  if (dataType !== undefined) event['datacontenttype'] = dataType;
  if (content === undefined) event['data_base64'] = request.body.toString('base64');
  else event['data'] = content;
  return event;
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
