import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

/** What an endpoint does with one request. */
export type Behaviour =
  | {
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
      readonly delayMs?: number;
    }
  /** Reads the request and never answers. */
  | { readonly hang: true }
  /** Resets the connection instead of an answer. */
  | { readonly reset: true }
  /** These bytes (latin1), then the end of the connection; one byte each `dripMs` if that is set. */
  | { readonly raw: string; readonly dripMs?: number }
  /** 200 with a body that never ends. */
  | { readonly endless: true };

export interface EndpointSpec {
  /** `whsec_…`; null: signatures are not checked. */
  readonly secret: string | null;
  /** For the next requests, one each; the last one stays. */
  readonly plan: readonly Behaviour[];
}

export const OK: Behaviour = { status: 200 };

/** Resolves with the status of a whole answer, or null when there was none. */
export async function perform(behaviour: Behaviour, response: ServerResponse): Promise<number | null> {
  if ('hang' in behaviour) return null;
  if ('reset' in behaviour) {
    response.socket?.resetAndDestroy();
    return null;
  }
  if ('raw' in behaviour) return performRaw(behaviour, response);
  if ('endless' in behaviour) return performEndless(response);
  const { status, headers = {}, body = '', delayMs = 0 } = behaviour;
  if (delayMs > 0) await pause(delayMs);
  if (response.destroyed) return null;
  response.writeHead(status, headers);
  response.end(body);
  return status;
}

async function performRaw(
  { raw, dripMs = 0 }: Extract<Behaviour, { raw: string }>,
  { socket }: ServerResponse,
): Promise<null> {
  const bytes = Buffer.from(raw, 'latin1');
  const step = dripMs > 0 ? 1 : bytes.length;
  for (let from = 0; from < bytes.length && socket?.writable === true; from += step) {
    socket.write(bytes.subarray(from, from + step));
    if (dripMs > 0) await pause(dripMs);
  }
  socket?.end();
  return null;
}

async function performEndless(response: ServerResponse): Promise<number> {
  const chunk = Buffer.alloc(64 * 1024, 'a');
  response.writeHead(200);
  while (!response.destroyed) {
    if (response.write(chunk)) continue;
    const gone = new AbortController();
    const { signal } = gone;
    await Promise.race([once(response, 'drain', { signal }), once(response, 'close', { signal })]);
    gone.abort();
  }
  return 200;
}
