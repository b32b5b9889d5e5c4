import { fromTypeId, ID_PREFIX } from '#libs/kernel';
import { JSON_TYPE } from '../envelopes/envelope.js';
import { numberOf } from '../envelopes/json.js';
import type { HandshakeRequest, Question } from './handshake.js';

export const NO_BODY = Buffer.alloc(0);

/**
 * Appends parameters to a URL: after the query that is there, before the fragment, and without touching either, as
 * a receiver may route by its own spelling of them.
 */
export function withQuery(url: string, parameters: Readonly<Record<string, string>>): string {
  const hash = url.indexOf('#');
  const bare = hash === -1 ? url : url.slice(0, hash);
  const fragment = hash === -1 ? '' : url.slice(hash);
  const query = Object.entries(parameters).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  const isOpen = bare.endsWith('?') || bare.endsWith('&');
  const join = !bare.includes('?') ? '?' : isOpen ? '' : '&';
  return `${bare}${join}${query.join('&')}${fragment}`;
}

/** `over` replaces headers of the same name in any spelling. */
export function overlaid(
  headers: Readonly<Record<string, string>>,
  over: Readonly<Record<string, string>>,
): Record<string, string> {
  const replaced = new Set(Object.keys(over).map((name) => name.toLowerCase()));
  const kept = Object.entries(headers).filter(([name]) => !replaced.has(name.toLowerCase()));
  return { ...Object.fromEntries(kept), ...over };
}

/** A GET with parameters in its query and nothing else. */
export function getRequest(
  { url }: Question,
  parameters: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): HandshakeRequest {
  return { method: 'GET', url: withQuery(url, parameters), headers, body: NO_BODY };
}

/** The subscription as deliveries name it: by its UUID, or by a number where the vendor has one. */
export function subscriptionOf({ challenge }: Question): { readonly uuid: string; readonly number: number } {
  const uuid = fromTypeId(ID_PREFIX.subscription, challenge.subscriptionId) ?? challenge.subscriptionId;
  return { uuid, number: numberOf(uuid) };
}

/** A POST of JSON, signed as the profile signs its deliveries. */
export function signedJson(
  question: Question,
  value: object,
  headers: Readonly<Record<string, string>> = {},
): HandshakeRequest {
  const body = Buffer.from(JSON.stringify(value));
  const own = { 'content-type': JSON_TYPE, ...headers };
  return { method: 'POST', url: question.url, headers: overlaid(question.sign(body, JSON_TYPE), own), body };
}

/** A text of the subscription's `profileConfig`; numbers count as their digits, anything else as left out. */
export function configText({ config }: Pick<Question, 'config'>, name: string): string | null {
  const value = Object.hasOwn(config, name) ? config[name] : undefined;
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  return typeof value === 'string' && value !== '' ? value : null;
}
