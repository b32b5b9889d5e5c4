import { isIP } from 'node:net';
import type { EgressConfig } from '#libs/config';
import type { AddressPolicy } from './address-policy.js';
import { isLocalhost, isReservedName, isWellFormedName, withoutRootDot } from './host-name.js';
import { targetLines } from './http1/request-head.js';
import type { OutboundErrorType } from './outbound-request.js';
import type { HostKind, Target } from './target.js';

export interface UrlRefusal {
  readonly errorType: OutboundErrorType;
  readonly message: string;
}

export type JudgedUrl = Target | UrlRefusal;

const MAX_URL_LENGTH = 2048;
const MAX_REMEMBERED = 5000;

/** White space and control characters: the URL parser drops some of them, and no reader sees them. */
const UNSEEN = /[\s\p{Cc}\p{Z}]/u;
const HTTP_SCHEME = /^https?:\/\/(?![/\\])/i;
const AUTHORITY = /^[^/\\?#]*/;

export function isRefusal(judged: JudgedUrl): judged is UrlRefusal {
  return 'errorType' in judged;
}

/**
 * Decides what can be decided from the text of a URL. The text is checked first only for what the parser would
 * silently repair; all else is decided on the parsed form, which is also the only form that is used afterwards.
 */
export class UrlPolicy {
  readonly #addresses: AddressPolicy;
  readonly #ports: ReadonlySet<number>;
  readonly #internalNames: ReadonlySet<string>;
  readonly #allowLoopback: boolean;
  /** Every delivery asks for the same few URLs; parsing and judging one costs more than sending. */
  readonly #remembered = new Map<string, JudgedUrl>();

  constructor(egress: EgressConfig, addresses: AddressPolicy) {
    this.#addresses = addresses;
    this.#ports = new Set([80, 443, ...egress.allowPorts]);
    this.#internalNames = new Set(egress.allowHosts.map((host) => withoutRootDot(host.toLowerCase())));
    this.#allowLoopback = egress.allowLoopback;
  }

  judge(text: string): JudgedUrl {
    const known = this.#remembered.get(text);
    if (known !== undefined) return known;
    const judged = this.#judgeText(text);
    if (this.#remembered.size >= MAX_REMEMBERED)
      this.#remembered.delete(this.#remembered.keys().next().value ?? '');
    this.#remembered.set(text, judged);
    return judged;
  }

  #judgeText(text: string): JudgedUrl {
    if (text.length > MAX_URL_LENGTH) {
      return refuse('blocked_name', `The URL is longer than ${MAX_URL_LENGTH} characters.`);
    }
    if (UNSEEN.test(text))
      return refuse('blocked_name', 'The URL contains white space or control characters.');
    if (!HTTP_SCHEME.test(text))
      return refuse('blocked_scheme', 'The URL must begin with http:// or https://.');
    if (authorityOf(text).includes('@')) {
      return refuse('blocked_userinfo', 'The URL must not contain a user name or password.');
    }
    const url = URL.canParse(text) ? new URL(text) : null;
    if (url === null) return refuse('blocked_name', 'The URL is not valid.');
    return this.#judgeParsed(url);
  }

  #judgeParsed(url: URL): JudgedUrl {
    const host = withoutRootDot(url.hostname.replace(/^\[|\]$/g, ''));
    const kind = this.#judgeHost(host);
    if (typeof kind === 'object') return kind;
    const isTls = url.protocol === 'https:';
    const port = url.port === '' ? (isTls ? 443 : 80) : Number(url.port);
    if (!this.#allowsPort(port, kind, host)) return refuse('blocked_port', `Port ${port} is not allowed.`);
    return toTarget(url, { host, port, kind, isTls });
  }

  #judgeHost(host: string): HostKind | UrlRefusal {
    if (isIP(host) !== 0) {
      if (this.#addresses.allows(host)) return 'address';
      return refuse('blocked_address', 'The address is not on the public internet.');
    }
    if (!isWellFormedName(host)) return refuse('blocked_name', 'The host name is not valid.');
    if (this.#allowLoopback && isLocalhost(host)) return 'localhost';
    if (!isReservedName(host)) return 'public-name';
    if (this.#internalNames.has(host)) return 'internal-name';
    return refuse('blocked_name', 'The host name is reserved for private networks.');
  }

  /** A receiver under development listens on any port of one's own machine. */
  #allowsPort(port: number, kind: HostKind, host: string): boolean {
    if (this.#ports.has(port)) return true;
    const isOwnMachine = kind === 'localhost' || (kind === 'address' && this.#addresses.allowsLoopback(host));
    return port !== 0 && isOwnMachine;
  }
}

function toTarget(url: URL, parts: Pick<Target, 'host' | 'port' | 'kind' | 'isTls'>): Target {
  if (parts.kind !== 'address') url.hostname = parts.host;
  url.hash = '';
  const lines = targetLines(url.pathname + url.search, url.host);
  const { href, origin } = url;
  return { ...parts, url: href, origin, lines, keyFor: keysOf(origin) };
}

/** Asked for each request, by one owner as a rule: a text that is put together anew is to be hashed anew. */
function keysOf(origin: string): Target['keyFor'] {
  let known = { owner: '', key: ` ${origin}` };
  return (owner) => {
    if (owner !== known.owner) known = { owner, key: `${owner} ${origin}` };
    return known.key;
  };
}

function authorityOf(text: string): string {
  return AUTHORITY.exec(text.slice(text.indexOf('//') + 2))?.[0] ?? '';
}

function refuse(errorType: OutboundErrorType, message: string): UrlRefusal {
  return { errorType, message };
}
