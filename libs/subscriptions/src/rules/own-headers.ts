import type { Dialect } from '#libs/signing';

type Headers = Readonly<Record<string, string>>;

/** A subscription's own headers, without those that its profile sets: a signature is never replaced or doubled. */
export function headersBeside(dialect: Dialect, own: Headers): Headers {
  const taken = new Set(takenNames(dialect, own));
  return taken.size === 0
    ? own
    : Object.fromEntries(Object.entries(own).filter(([name]) => !taken.has(name)));
}

/** The headers of a request and, behind them, the subscription's own that it has not in any spelling. */
export function withOwnHeaders(headers: Headers, own: Headers): Headers {
  const said = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
  return {
    ...Object.fromEntries(Object.entries(own).filter(([name]) => !said.has(name.toLowerCase()))),
    ...headers,
  };
}

function takenNames(dialect: Dialect, own: Headers): string[] {
  const names = Object.keys(own);
  if (names.length === 0) return names;
  const taken = dialect.headerNames();
  return names.filter((name) => taken.has(name.toLowerCase()));
}
