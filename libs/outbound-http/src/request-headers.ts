type Rule = 'send' | 'drop' | 'user-agent';

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

const PRODUCT = 'Bellhop/0.1';
const MAX_REMEMBERED = 1000;
const rules = new Map<string, Rule>();

/** Who calls: receivers can tell us from a browser, and their owners find us where we have a public address. */
export function userAgentOf(publicUrl: string | null): string {
  // Its origin: a host name in another alphabet would not be allowed in a header as it was typed.
  const url = publicUrl === null ? null : URL.parse(publicUrl);
  return url === null ? PRODUCT : `${PRODUCT} (+${url.origin})`;
}

/** Names and values in turn, the form that undici copies least; `identity` because bodies are never decompressed. */
export function flatHeaders(headers: Readonly<Record<string, string>>, userAgent: string): string[] {
  const flat = ['accept-encoding', 'identity'];
  let hasUserAgent = false;
  for (const name in headers) {
    const rule = rules.get(name) ?? learn(name);
    if (rule === 'drop') continue;
    if (rule === 'user-agent') hasUserAgent = true;
    flat.push(name, headers[name] ?? '');
  }
  if (!hasUserAgent) flat.push('user-agent', userAgent);
  return flat;
}

function learn(name: string): Rule {
  const lowerCase = name.toLowerCase();
  const rule: Rule = DROPPED.has(lowerCase) ? 'drop' : lowerCase === 'user-agent' ? 'user-agent' : 'send';
  if (rules.size >= MAX_REMEMBERED) rules.clear();
  rules.set(name, rule);
  return rule;
}
