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

const USER_AGENT = 'Bellhop/0.1 (webhook delivery)';
const MAX_REMEMBERED = 1000;
const rules = new Map<string, Rule>();

/** Names and values in turn, the form that undici copies least; `identity` because bodies are never decompressed. */
export function flatHeaders(headers: Readonly<Record<string, string>>): string[] {
  const flat = ['accept-encoding', 'identity'];
  let hasUserAgent = false;
  for (const name in headers) {
    const rule = rules.get(name) ?? learn(name);
    if (rule === 'drop') continue;
    if (rule === 'user-agent') hasUserAgent = true;
    flat.push(name, headers[name] ?? '');
  }
  if (!hasUserAgent) flat.push('user-agent', USER_AGENT);
  return flat;
}

function learn(name: string): Rule {
  const lowerCase = name.toLowerCase();
  const rule: Rule = DROPPED.has(lowerCase) ? 'drop' : lowerCase === 'user-agent' ? 'user-agent' : 'send';
  if (rules.size >= MAX_REMEMBERED) rules.clear();
  rules.set(name, rule);
  return rule;
}
