import type { Receiver } from '../receiver.js';
import { type Answer, emptyAnswer, type IncomingRequest } from '../request.js';
import { flatHeaders } from './flat-headers.js';

/** Programming model 4: a request like that of `fetch`. */
export interface AzureRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Iterable<readonly [string, string]>;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** Programming model 3: a plain object, whose `rawBody` is the text before it was parsed. */
export interface AzureV3Request {
  readonly method: string | null;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly rawBody?: string | Buffer;
}

export interface AzureContext {
  readonly req?: AzureV3Request;
  res?: unknown;
}

/**
 * A handler for Azure Functions: `app.http('hook', { authLevel: 'anonymous', handler })` in model 4, the exported
 * function in model 3. Make the receiver with `acknowledge: 'when-done'` on plans that stop idle instances.
 */
export function azureHandler(receiver: Receiver) {
  return async (first: AzureRequest | AzureContext): Promise<Answer> => {
    const request = 'arrayBuffer' in first ? await fromV4(first) : fromV3(first.req);
    if (request.body.length > receiver.maxBodyBytes) return emptyAnswer(413);
    const answer = await receiver.receive(request);
    if (!('arrayBuffer' in first)) first.res = answer;
    return answer;
  };
}

async function fromV4(request: AzureRequest): Promise<IncomingRequest> {
  const { method, url, headers } = request;
  const body = Buffer.from(await request.arrayBuffer());
  return { method, url: pathOf(url), headers: flatHeaders(headers), body };
}

function fromV3(request: AzureV3Request | undefined): IncomingRequest {
  const { method, url = '/', headers = {}, rawBody = '' } = request ?? {};
  const flat = flatHeaders(Object.entries(headers));
  return { method: method ?? 'GET', url: pathOf(url), headers: flat, body: Buffer.from(rawBody as string) };
}

function pathOf(url: string): string {
  const parsed = URL.parse(url);
  return parsed ? parsed.pathname + parsed.search : url;
}
