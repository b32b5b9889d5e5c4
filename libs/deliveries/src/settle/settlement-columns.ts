import { bytesArray, PlainArray, plainArray, textArray } from '#libs/database';
import type { Settlement } from './settlement.js';

/** Characters of an error detail that are kept. */
const MAX_DETAIL = 512;
/** Characters of response headers that are kept, as JSON. */
const MAX_HEADERS_JSON = 8 * 1024;

/** The parameters of the settle statement: one array per column. */
export function settlementColumns(settlements: readonly Settlement[]): string[] {
  const column = <T>(pick: (settlement: Settlement) => T): T[] => settlements.map(pick);
  const responses = column(({ result }) => (result.kind === 'response' ? result : null));
  return [
    ...deliveryColumns(settlements),
    textArray(column(({ url }) => url)),
    ...timeColumns(settlements),
    plainArray(column(({ outcome }) => outcome.verdict)),
    plainArray(column(({ outcome }) => outcome.errorType)),
    textArray(column(({ outcome }) => detailOf(outcome))),
    plainArray(responses.map((response) => response?.status ?? null)),
    textArray(responses.map((response) => headersJson(response?.headers))),
    bytesArray(responses.map((response) => response?.body ?? null)),
    plainArray(responses.map((response) => response?.bodyTruncated ?? false)),
    plainArray(column(({ outcome }) => outcome.retryAfterMs)),
    plainArray(column(({ carriedBy }) => carriedBy)),
  ];
}

function deliveryColumns(settlements: readonly Settlement[]): string[] {
  const columns = Array.from({ length: 9 }, () => new PlainArray());
  const [tenants, ids, fences, states, reasons, delays, starts, numbers, subscriptions] =
    columns as NineColumns;
  for (const { delivery, status, reason, delayMs, result } of settlements) {
    tenants.push(delivery.event.tenantId);
    ids.push(delivery.id);
    fences.push(delivery.fence);
    states.push(status);
    reasons.push(reason);
    delays.push(delayMs);
    starts.push(result.startedAt.getTime());
    numbers.push(delivery.attemptCount + 1);
    subscriptions.push(delivery.subscriptionId);
  }
  return columns.map(({ text }) => text);
}

type P = PlainArray;
type NineColumns = [P, P, P, P, P, P, P, P, P];

function timeColumns(settlements: readonly Settlement[]): string[] {
  const total = new PlainArray();
  const resolve = new PlainArray();
  const connect = new PlainArray();
  const tls = new PlainArray();
  const firstByte = new PlainArray();
  for (const { result } of settlements) {
    const { timings } = result;
    total.push(timings.totalMs ?? result.durationMs);
    resolve.push(timings.resolveMs);
    connect.push(timings.connectMs);
    tls.push(timings.tlsMs);
    firstByte.push(timings.firstByteMs);
  }
  return [total, resolve, connect, tls, firstByte].map(({ text }) => text);
}

function detailOf({ detail }: Settlement['outcome']): string | null {
  return detail === null ? null : storable(detail).slice(0, MAX_DETAIL);
}

/** Header values that no log may keep: a receiver's cookies are its secrets. */
const SECRET_HEADERS = new Set(['set-cookie', 'authorization', 'proxy-authenticate', 'www-authenticate']);

function headersJson(headers: Readonly<Record<string, string>> | undefined): string | null {
  if (headers === undefined) return null;
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
