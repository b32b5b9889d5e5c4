import type { OutboundResult } from '#libs/outbound-http';
import type { HandshakeRequest } from '#libs/signing';
import { MASK } from '../secrets/config-secrets.js';

const SECRET_NAME = /authorization|cookie|secret|token|password|api-?key/i;
const MAX_TEXT = 2_048;
/** Shorter texts are no secrets, and would mask half of the page. */
const MIN_SECRET = 4;

/** One request and its answer, as its owner may see them. */
export interface TranscriptEntry {
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  };
  /** Null: none came; the steps say why. */
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    /** Null unless the answer was a proof: nobody is to read other people's pages through a challenge. */
    readonly body: string | null;
    readonly bodyBytes: number;
  } | null;
}

export interface Exchanged {
  readonly request: HandshakeRequest;
  readonly result: OutboundResult;
  readonly isProven: boolean;
  /** Names of the headers that the subscription adds; their values are its owner's secrets. */
  readonly ownHeaders: readonly string[];
  /** Texts that must not be kept. */
  readonly secrets: readonly string[];
}

/** What was said, without secrets and cut to a readable size. */
export function transcriptOf({ request, result, isProven, ownHeaders, secrets }: Exchanged): TranscriptEntry {
  const clean = masker(secrets);
  const own = new Set(ownHeaders.map((name) => name.toLowerCase()));
  const isResponse = result.kind === 'response';
  return {
    request: {
      method: request.method,
      url: clean(request.url),
      headers: headersOf(request.headers, clean, own),
      body: clean(request.body.toString('utf8')),
    },
    response: !isResponse
      ? null
      : {
          status: result.status,
          headers: headersOf(result.headers, clean, new Set()),
          body: isProven ? clean(result.body.toString('utf8')) : null,
          bodyBytes: result.body.length,
        },
  };
}

/** The spellings that keys have on the wire. */
export function keyTexts(keys: readonly Buffer[]): string[] {
  return keys.flatMap((key) => [key.toString('utf8'), key.toString('latin1'), key.toString('base64')]);
}

type Clean = (text: string) => string;

function headersOf(
  headers: Readonly<Record<string, string>>,
  clean: Clean,
  masked: ReadonlySet<string>,
): Record<string, string> {
  const isMasked = (name: string): boolean => SECRET_NAME.test(name) || masked.has(name.toLowerCase());
  const entries = Object.entries(headers).map(([name, value]) => [
    clean(name),
    isMasked(name) ? MASK : clean(value),
  ]);
  return Object.fromEntries(entries) as Record<string, string>;
}

/** As it stands in a query or a form. */
function formText(text: string): string {
  return new URLSearchParams({ '': text }).toString().slice(1);
}

/** PostgreSQL takes no NUL in JSON; a text that is cut may have lost half of a secret at its end, so mask first. */
function masker(secrets: readonly string[]): Clean {
  const texts = secrets.filter((secret) => secret.length >= MIN_SECRET);
  const spellings = texts.flatMap((secret) => [secret, encodeURIComponent(secret), formText(secret)]);
  return (text) => {
    const masked = spellings.reduce((shown, secret) => shown.replaceAll(secret, MASK), text);
    return masked.replaceAll('\0', '\uFFFD').toWellFormed().slice(0, MAX_TEXT);
  };
}
