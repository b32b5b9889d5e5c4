import { bytesArray, plainArray, textArray } from '#libs/database';
import type { Settlement } from './settlement.js';

/** Characters of an error detail that are kept. */
const MAX_DETAIL = 512;
/** Characters of response headers that are kept, as JSON. */
const MAX_HEADERS_JSON = 8 * 1024;

/** The parameters of the settle statement: one array per column. */
export function settlementColumns(settlements: readonly Settlement[]): string[] {
  const column = <T>(pick: (settlement: Settlement) => T): T[] => settlements.map(pick);
  return [
    plainArray(column(({ delivery }) => delivery.id)),
    plainArray(column(({ delivery }) => delivery.fence)),
    plainArray(column(({ status }) => status)),
    textArray(column(({ reason }) => reason)),
    plainArray(column(({ delayMs }) => delayMs)),
    plainArray(column(({ result }) => result.startedAt.toISOString())),
    plainArray(column(({ delivery }) => delivery.attemptCount + 1)),
    plainArray(column(({ delivery }) => delivery.event.tenantId)),
    plainArray(column(({ delivery }) => delivery.subscriptionId)),
    textArray(column(({ url }) => url)),
    plainArray(column(({ result }) => Math.round(result.durationMs))),
    textArray(column(({ result }) => JSON.stringify(result.timings))),
    plainArray(column(({ outcome }) => outcome.verdict)),
    plainArray(column(({ outcome }) => outcome.errorType)),
    textArray(column(({ outcome }) => detailOf(outcome))),
    plainArray(column(({ result }) => (result.kind === 'response' ? result.status : null))),
    textArray(column(({ result }) => (result.kind === 'response' ? headersJson(result.headers) : null))),
    bytesArray(column(({ result }) => (result.kind === 'response' ? result.body : null))),
    plainArray(column(({ result }) => result.kind === 'response' && result.bodyTruncated)),
    plainArray(column(({ outcome }) => outcome.retryAfterMs)),
  ];
}

function detailOf({ detail }: Settlement['outcome']): string | null {
  return detail === null ? null : storable(detail).slice(0, MAX_DETAIL);
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
