import { ArrayParameter, type ElementType, type ElementValue } from '#libs/database';
import type { OutboundResult } from '#libs/outbound-http';
import type { Settlement } from './settlement.js';

/** Characters of an error detail that are kept. */
const MAX_DETAIL = 512;
/** Characters of response headers that are kept, as JSON. */
const MAX_HEADERS_JSON = 8 * 1024;

type Response = Extract<OutboundResult, { kind: 'response' }>;
type Column = (settlements: readonly Settlement[]) => Buffer;

/** In the order of the settle statement. What the usual success has nothing of comes to PostgreSQL as an empty array. */
const COLUMNS: readonly Column[] = [
  column('uuid', ({ delivery }) => delivery.event.tenantId),
  column('uuid', ({ delivery }) => delivery.id),
  column('int', ({ delivery }) => delivery.fence),
  column('text', ({ status }) => status),
  column('text', ({ reason }) => reason),
  column('bigint', ({ delayMs }) => delayMs),
  column('float8', ({ result }) => result.startedAt.getTime()),
  column('int', ({ delivery }) => delivery.attemptCount + 1),
  column('uuid', ({ delivery }) => delivery.subscriptionId),
  column('text', ({ url }) => url),
  column('real', ({ result }) => result.timings.totalMs ?? result.durationMs),
  column('real', ({ result }) => result.timings.resolveMs),
  column('real', ({ result }) => result.timings.connectMs),
  column('real', ({ result }) => result.timings.tlsMs),
  column('real', ({ result }) => result.timings.firstByteMs),
  column('text', ({ outcome }) => outcome.verdict),
  column('text', ({ outcome }) => outcome.errorType),
  column('text', ({ outcome }) => detailOf(outcome)),
  column('smallint', (settlement) => responseOf(settlement)?.status ?? null),
  column('json', (settlement) => headersJson(responseOf(settlement)?.headers)),
  column('bytea', (settlement) => responseOf(settlement)?.body ?? null),
  column('boolean', (settlement) => responseOf(settlement)?.bodyTruncated === true || null),
  column('bigint', ({ outcome }) => outcome.retryAfterMs),
  column('uuid', ({ carriedBy }) => carriedBy),
];

/** The parameters of the settle statement: one array per column. */
export function settlementColumns(settlements: readonly Settlement[]): Buffer[] {
  return COLUMNS.map((made) => made(settlements));
}

function column<Type extends ElementType>(
  type: Type,
  pick: (settlement: Settlement) => ElementValue<Type> | null,
): Column {
  return (settlements) => {
    const array = new ArrayParameter(type, settlements.length);
    for (const settlement of settlements) array.push(pick(settlement));
    return array.sparse;
  };
}

function responseOf({ result }: Settlement): Response | undefined {
  return result.kind === 'response' ? result : undefined;
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
