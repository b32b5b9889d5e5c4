const PRODUCT = 'Bellhop/0.1';

/** Who calls: receivers can tell us from a browser, and their owners find us where we have a public address. */
export function userAgentOf(publicUrl: string | null): string {
  // Its origin: a host name in another alphabet would not be allowed in a header as it was typed.
  const url = publicUrl === null ? null : URL.parse(publicUrl);
  return url === null ? PRODUCT : `${PRODUCT} (+${url.origin})`;
}
