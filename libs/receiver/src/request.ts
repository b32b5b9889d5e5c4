/** A request as it came. `body` is the bytes themselves: whatever parses and writes them again spoils the signature. */
export interface IncomingRequest {
  readonly method: string;
  /** Path and query as they stood in the request line. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

/** What to answer; adapters carry it over to their framework. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export function headerOf({ headers }: IncomingRequest, name: string): string | undefined {
  return Object.hasOwn(headers, name) ? headers[name] : undefined;
}

export function queryOf({ url }: IncomingRequest): URLSearchParams {
  const [, query = ''] = url.split(/\?(.*)/s);
  return new URLSearchParams(query.split('#')[0]);
}

/** What comes from the request and goes back into the answer is never taken for a page by a browser. */
const NO_PAGE = { 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' };

export function textAnswer(body: string, status = 200): Answer {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...NO_PAGE }, body };
}

export function jsonAnswer(value: unknown, status = 200): Answer {
  return { status, headers: { 'content-type': 'application/json', ...NO_PAGE }, body: JSON.stringify(value) };
}

export function emptyAnswer(status: number, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers, body: '' };
}
