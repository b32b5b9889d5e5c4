import type { Settlement } from './settlement.js';

/** Characters of an error detail that are kept. */
const MAX_DETAIL = 512;
/** Characters of response headers that are kept, as JSON. */
const MAX_HEADERS_JSON = 8 * 1024;

/** The parameters of the settle statement: one array per column. */
export function settlementColumns(settlements: readonly Settlement[]): unknown[] {
  const column = <T>(pick: (settlement: Settlement) => T): T[] => settlements.map(pick);
  return [
    column(({ delivery }) => delivery.id),
    column(({ delivery }) => delivery.fence),
    column(({ status }) => status),
    column(({ reason }) => reason),
    column(({ delayMs }) => delayMs),
    column(({ result }) => result.startedAt.toISOString()),
    column(({ delivery }) => delivery.attemptCount + 1),
    column(({ delivery }) => delivery.event.tenantId),
    column(({ delivery }) => delivery.subscriptionId),
    column(({ url }) => url),
    column(({ result }) => Math.round(result.durationMs)),
    column(({ result }) => JSON.stringify(result.timings)),
    column(({ outcome }) => outcome.verdict),
    column(({ outcome }) => outcome.errorType),
    column(({ outcome }) => (outcome.detail === null ? null : storable(outcome.detail).slice(0, MAX_DETAIL))),
    column(({ result }) => (result.kind === 'response' ? result.status : null)),
    column(({ result }) => (result.kind === 'response' ? headersJson(result.headers) : null)),
    column(({ result }) => (result.kind === 'response' ? result.body : null)),
    column(({ result }) => result.kind === 'response' && result.bodyTruncated),
    column(({ outcome }) => outcome.retryAfterMs),
  ];
}

/** Header values that no log may keep: a receiver's cookies are its secrets. */
const SECRET_HEADERS = new Set(['set-cookie', 'authorization', 'proxy-authenticate', 'www-authenticate']);

function headersJson(headers: Readonly<Record<string, string>>): string {
  const kept: Record<string, string> = {};
  let length = 2;
  for (const [name, value] of Object.entries(headers)) {
    const shown = SECRET_HEADERS.has(name.toLowerCase()) ? '(not kept)' : storable(value);
    length += name.length + shown.length + 6;
    if (length > MAX_HEADERS_JSON) break;
    kept[name] = shown;
  }
  return JSON.stringify(kept);
}

/** PostgreSQL's text and jsonb hold no NUL. */
function storable(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '�') : text;
}
