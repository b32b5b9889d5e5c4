/** What a request says of where it comes from. */
export interface RequestOrigin {
  readonly method: string;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly secFetchSite: string | undefined;
}

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Whether a browser sends a change on behalf of another site. Browsers cannot be made to lie in these headers, and
 * programs that are no browsers send none of them. A sibling site or another port counts as another site.
 */
export function isCrossSite(request: RequestOrigin, publicUrl: string | null): boolean {
  if (SAFE_METHODS.has(request.method)) return false;
  if (request.secFetchSite !== undefined) return !['same-origin', 'none'].includes(request.secFetchSite);
  if (request.origin === undefined) return false;
  const host = hostOf(request.origin);
  return host === null || (host !== request.host?.toLowerCase() && host !== hostOf(publicUrl ?? ''));
}

/** `null`, which a sandboxed page sends, has no host. */
function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}
