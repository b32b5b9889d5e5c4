const BEARER = /^bearer ([^ ].{0,511})$/i;

/** The key in an Authorization header; null if there is none. Node gives header bytes as latin-1, keys are UTF-8. */
export function bearerOf(header: string | string[] | undefined): string | null {
  if (typeof header !== 'string') return null;
  const key = BEARER.exec(header)?.[1];
  return key === undefined ? null : Buffer.from(key, 'latin1').toString('utf8');
}
