import type { FieldError } from '#libs/kernel';

const MAX_HEADERS = 20;
const MAX_NAME_LENGTH = 128;
const MAX_VALUE_LENGTH = 1_024;
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const PRINTABLE = /^[\x20-\x7e]*$/;
/** They frame or route the message, speak for a proxy or a browser, or belong to the profile. */
const DENIED = new Set([
  '__proto__',
  'accept-encoding',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'cookie',
  'cookie2',
  'date',
  'expect',
  'forwarded',
  'host',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'set-cookie',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'via',
]);
const DENIED_PREFIXES = ['webhook-', 'x-forwarded-', 'x-real-', 'proxy-', 'sec-'];

/** What is wrong with the headers that a subscription adds to its deliveries. */
export function headerFaults(headers: unknown): FieldError[] {
  if (typeof headers !== 'object' || headers === null || Array.isArray(headers)) {
    return [{ field: 'headers', message: 'must be an object of header names and values' }];
  }
  const entries = Object.entries(headers as Record<string, unknown>);
  if (entries.length > MAX_HEADERS) {
    return [{ field: 'headers', message: `must not have more than ${MAX_HEADERS} members` }];
  }
  const seen = new Set<string>();
  return entries.flatMap(([name, value]) => {
    const message = faultOfName(name, seen) ?? faultOfValue(value);
    return message === null ? [] : [{ field: `headers.${name.slice(0, MAX_NAME_LENGTH)}`, message }];
  });
}

function faultOfName(name: string, seen: Set<string>): string | null {
  const lowerCase = name.toLowerCase();
  if (name.length > MAX_NAME_LENGTH || !TOKEN.test(name)) return 'is not a header name';
  if (DENIED.has(lowerCase) || DENIED_PREFIXES.some((prefix) => lowerCase.startsWith(prefix))) {
    return 'is set by the platform alone';
  }
  if (seen.has(lowerCase)) return 'is given twice';
  seen.add(lowerCase);
  return null;
}

function faultOfValue(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > MAX_VALUE_LENGTH || !PRINTABLE.test(value)) {
    return `must have a value of at most ${MAX_VALUE_LENGTH} printable ASCII characters`;
  }
  return value === value.trim() ? null : 'must have a value without spaces around it';
}
