import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Receiver } from '../receiver.js';
import { type Answer, emptyAnswer } from '../request.js';
import { flatHeaders } from './flat-headers.js';
import { readBody } from './read-body.js';

/** What Express adds to Node's request, or a parser of raw bodies. */
export type NodeRequest = IncomingMessage & {
  readonly originalUrl?: string;
  readonly rawBody?: unknown;
  readonly body?: unknown;
};

/**
 * A request listener for `http.createServer`, and a handler for Express and Connect. It reads the body itself; behind
 * a parser it needs the bytes as `rawBody`, or as a Buffer in `body` (`express.raw({ type: '*' + '/*' })`).
 */
export function nodeListener(receiver: Receiver) {
  return (request: NodeRequest, response: ServerResponse): void => {
    void answerTo(receiver, request)
      .catch(() => null)
      .then((answer) => (answer ? write(answer, request, response) : response.destroy()));
  };
}

/** Rejects if the sender goes away in the middle of its body. */
async function answerTo(receiver: Receiver, request: NodeRequest): Promise<Answer> {
  const body = bytesAt(request) ?? (await unreadBody(request, receiver.maxBodyBytes));
  if (typeof body === 'string') return { ...emptyAnswer(500), body };
  if (body === null) return emptyAnswer(413, { connection: 'close' });
  const { method = 'GET', originalUrl, url = '/', headers } = request;
  const flat = flatHeaders(Object.entries(headers));
  return receiver.receive({ method, url: originalUrl ?? url, headers: flat, body });
}

function bytesAt({ rawBody, body }: NodeRequest): Buffer | null {
  return [rawBody, body].find((value) => Buffer.isBuffer(value)) ?? null;
}

const PARSED =
  'The body was parsed before it came here, so its signature cannot be verified. Put this handler before the parser.\n';

async function unreadBody(request: NodeRequest, maxBytes: number): Promise<Buffer | string | null> {
  const isRead = request.readableEnded && request.body !== undefined;
  return isRead ? PARSED : readBody(request, maxBytes);
}

function write({ status, headers, body }: Answer, request: IncomingMessage, response: ServerResponse): void {
  if (response.headersSent || response.destroyed) return;
  const length = body === '' && status === 204 ? {} : { 'content-length': Buffer.byteLength(body) };
  response.writeHead(status, { ...headers, ...length }).end(request.method === 'HEAD' ? '' : body);
}
