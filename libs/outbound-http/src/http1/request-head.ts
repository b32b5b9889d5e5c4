import { FIELD_NAME, FIELD_VALUE } from './grammar.js';

type Rule = 'send' | 'drop' | 'user-agent' | 'refuse';

/** They frame the message or say where it goes; a subscriber's own headers must not be able to change either. */
const DROPPED = new Set([
  'accept-encoding',
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

const MAX_REMEMBERED = 1000;
const rules = new Map<string, Rule>();

export interface RequestHeadParts {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bodyBytes: number;
  /** Receivers that want chunks refuse a length. */
  readonly isChunked?: boolean;
  /** From `targetLines`. */
  readonly targetLines: string;
  readonly userAgent: string;
}

/**
 * What is the same in every request to one URL: it follows the method. `identity`, as bodies are never decompressed;
 * `keep-alive` is for receivers that speak HTTP/1.0.
 */
export function targetLines(path: string, host: string): string {
  return ` ${path} HTTP/1.1\r\nhost: ${host}\r\nconnection: keep-alive\r\naccept-encoding: identity\r\n`;
}

/** The head of a request with its empty line, to be sent as latin1; null if a header must not be sent. */
export function requestHead(parts: RequestHeadParts): string | null {
  const { method, headers, bodyBytes } = parts;
  let head = method + parts.targetLines;
  let hasUserAgent = false;
  for (const name in headers) {
    const rule = rules.get(name) ?? learn(name);
    if (rule === 'drop') continue;
    const value = headers[name] ?? '';
    if (rule === 'refuse' || !FIELD_VALUE.test(value)) return null;
    if (rule === 'user-agent') hasUserAgent = true;
    head += `${name}: ${value}\r\n`;
  }
  if (!hasUserAgent) head += `user-agent: ${parts.userAgent}\r\n`;
  if (parts.isChunked === true) head += 'Transfer-Encoding: chunked\r\n';
  else if (bodyBytes > 0 || method === 'POST') head += `content-length: ${bodyBytes}\r\n`;
  return head + '\r\n';
}

function learn(name: string): Rule {
  const rule = ruleFor(name);
  if (rules.size >= MAX_REMEMBERED) rules.clear();
  rules.set(name, rule);
  return rule;
}

function ruleFor(name: string): Rule {
  if (!FIELD_NAME.test(name)) return 'refuse';
  const lowerCase = name.toLowerCase();
  if (DROPPED.has(lowerCase)) return 'drop';
  return lowerCase === 'user-agent' ? 'user-agent' : 'send';
}

/**
 * The body in one chunk, without extensions and trailers: some receivers decode each chunk by itself, and read no more
 * of its first line than the number.
 */
export function inOneChunk(body: Buffer): Buffer {
  const last = '0\r\n\r\n';
  if (body.length === 0) return Buffer.from(last);
  return Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from(`\r\n${last}`)]);
}
