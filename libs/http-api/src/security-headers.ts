import type { SecurityHeadersOptions } from '@nestjs/common';
import type { AppConfig } from '#libs/config';

/** Pages load from their own origin alone and nothing inline runs; the strictest policy that a page can live under. */
const PAGES = {
  defaultSrc: "'none'",
  scriptSrc: "'self'",
  styleSrc: "'self'",
  imgSrc: "'self'",
  connectSrc: "'self'",
  formAction: "'self'",
  baseUri: "'none'",
  frameAncestors: "'none'",
};

/** Swagger UI styles itself inline and draws icons from data URLs; still no other origin and no inline script. */
export const DOCS_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join(';');

/**
 * The headers of every answer. Same-origin as referrer policy, not none: under none a browser sends `Origin: null`
 * with a page's own form, and the check of the form's origin would refuse it.
 */
export function securityHeaders(config: AppConfig): SecurityHeadersOptions {
  return {
    contentSecurityPolicy: { useDefaults: false, directives: PAGES },
    crossOriginOpenerPolicy: { policy: 'same-origin' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    referrerPolicy: { policy: 'same-origin' },
    strictTransportSecurity: config.http.publicUrl?.startsWith('https://') ?? false,
    xContentTypeOptions: true,
    xFrameOptions: { action: 'deny' },
    originAgentCluster: false,
    xDnsPrefetchControl: false,
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false,
  };
}
