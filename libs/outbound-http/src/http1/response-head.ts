import { HEAD, TOLERANT_HEAD } from './grammar.js';

export interface ResponseHead {
  readonly status: number;
  /** The last digit of the version, HTTP/1.0 or HTTP/1.1. */
  readonly minorVersion: number;
  /** Names in lower case; repeated ones are joined by a comma. Has no prototype: any name is only a name. */
  readonly headers: Record<string, string>;
}

const STATUS_AT = 'HTTP/1.1 '.length;
const ANY_STATUS_LINE = 'HTTP/1.1 200 ';
const STATUS_LINE_START = /^HTTP\/1\.[01] [1-9]\d\d[ \r]/;
const NEVER_IN_A_HEAD = /[^\t\r\n\x20-\x7e\x80-\xff]|(?<!\r)\n|\r(?!\n|$)/;

/**
 * Reads the status line and the headers, each line with its CRLF; null if anything in them is not as it must be.
 * `tolerant` accepts names of headers that no standard allows, and nothing else.
 */
export function parseHead(text: string, tolerant: boolean): ResponseHead | null {
  if (!(tolerant ? TOLERANT_HEAD : HEAD).test(text)) return null;
  const status = Number(text.slice(STATUS_AT, STATUS_AT + 3));
  const headers = parseFields(text, text.indexOf('\n') + 1);
  return { status, minorVersion: text.charCodeAt(STATUS_AT - 2) - 0x30, headers };
}

/** Can this still become a head? Looks at what came after `from`, so that nobody waits for the end of nonsense. */
export function mayBecomeHead(text: string, from: number): boolean {
  const start = text.slice(0, ANY_STATUS_LINE.length) + ANY_STATUS_LINE.slice(text.length);
  const unseen = text.slice(text[from - 1] === '\r' ? from - 1 : from);
  return STATUS_LINE_START.test(start) && !NEVER_IN_A_HEAD.test(unseen);
}

/** Only for text that matches the grammar. */
function parseFields(text: string, from: number): Record<string, string> {
  const headers = Object.create(null) as Record<string, string>;
  for (let at = from; at < text.length;) {
    const colon = text.indexOf(':', at);
    const end = text.indexOf('\r', colon);
    const name = text.slice(at, colon).toLowerCase();
    const value = trimmed(text, colon + 1, end);
    const known = headers[name];
    headers[name] = known === undefined ? value : `${known}, ${value}`;
    at = end + 2;
  }
  return headers;
}

/** Not `trim()`, to which a byte beyond ASCII can be white space, too. */
function trimmed(text: string, from: number, to: number): string {
  let start = from;
  let end = to;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
