import type { AppConfig } from '#libs/config';

/** Pages load from their own origin alone and nothing inline runs; the strictest policy that a page can live under. */
const PAGES = {
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self'",
  'img-src': "'self'",
  'connect-src': "'self'",
  'form-action': "'self'",
  'base-uri': "'none'",
  'frame-ancestors': "'none'",
};

/** Swagger UI styles itself inline and draws icons from data URLs; still no other origin and no inline script. */
const DOCS = {
  ...PAGES,
  'style-src': "'self' 'unsafe-inline'",
  'img-src': "'self' data:",
  'form-action': "'none'",
};

const ONE_YEAR_SECONDS = 31_536_000;

/**
 * The headers of every answer. Same-origin as referrer policy, not none: under none a browser sends `Origin: null`
 * with a page's own form, and the check of the form's origin would refuse it.
 */
export class SecurityHeaders {
  private readonly ofPages: Readonly<Record<string, string>>;
  private readonly ofDocs: Readonly<Record<string, string>>;

  constructor(config: AppConfig) {
    const isHttps = config.http.publicUrl?.startsWith('https://') ?? false;
    this.ofPages = {
      'content-security-policy': policy(PAGES),
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      ...(isHttps && { 'strict-transport-security': `max-age=${ONE_YEAR_SECONDS}; includeSubDomains` }),
    };
    this.ofDocs = { ...this.ofPages, 'content-security-policy': policy(DOCS) };
  }

  /** Those of the answer to a request for this address. */
  at(url: string): Readonly<Record<string, string>> {
    return url.startsWith('/docs') ? this.ofDocs : this.ofPages;
  }
}

function policy(directives: Readonly<Record<string, string>>): string {
  return Object.entries(directives)
    .map(([name, value]) => `${name} ${value}`)
    .join(';');
}
