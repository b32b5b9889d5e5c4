import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { type FastifyBaseLogger, type FastifyReply, type FastifyRequest, LogController } from 'fastify';

import { newId } from '#libs/kernel';
import { applyBodyLimit, DEFAULT_BODY_LIMIT } from './body-limit.js';
import { type PathAliases, routedUrl } from './path-aliases.js';
import { answerTo, problemOf } from './problem.js';
import { sendProblem } from './problem.filter.js';
import type { RouteTable } from './route-table.js';
import type { SecurityHeaders } from './security-headers.js';

/** The headers must be complete within this time, or one slow client could hold a connection for ever. */
const HEADERS_TIMEOUT_MS = 15_000;
const REQUEST_TIMEOUT_MS = 60_000;
const KEEP_ALIVE_MS = 65_000;
const REQUEST_ID = /^[\w.-]{1,64}$/;

interface ServerParts {
  readonly routes: RouteTable;
  readonly headers: SecurityHeaders;
  readonly aliases: PathAliases;
}

/** The HTTP server with its limits; one log line a request is left to our own hooks. */
export function createAdapter(logger: FastifyBaseLogger, parts: ServerParts): FastifyAdapter {
  const adapter = new FastifyAdapter({
    http: { headersTimeout: HEADERS_TIMEOUT_MS, connectionsCheckingInterval: 5_000 },
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    // A logger of its own for each request costs more than routing does, and nobody asks for it.
    childLoggerFactory: (parent: FastifyBaseLogger) => parent,
    bodyLimit: DEFAULT_BODY_LIMIT,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    rewriteUrl: ({ url = '/' }) => routedUrl(url, parts.aliases),
    genReqId: requestIdOf,
    clientErrorHandler: answerUnreadable,
    // An address that cannot be decoded reaches no route and no hook.
    frameworkErrors: (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
      void reply.headers(parts.headers.at(request.url));
      sendProblem(reply, answerTo(error), request.id);
    },
  });
  const server = adapter.getInstance();
  server.removeContentTypeParser('text/plain');
  server.addHook('onRoute', (route) => {
    parts.routes.add(route.url, route.method);
    applyBodyLimit(route);
  });
  return adapter;
}

/** A caller's own id is kept, if it is a plain word. */
function requestIdOf(request: { headers: IncomingMessage['headers'] }): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : newId();
}

/** Bytes that are not HTTP never become a request; the answer is written by hand. */
function answerUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const [status, reason] = UNREADABLE.get(error.code) ?? [400, 'Bad Request'];
  const code = status === 408 ? 'request_timeout' : 'malformed_request';
  const body = JSON.stringify(
    problemOf(status, code, 'The request is not valid HTTP, or did not arrive in time.'),
  );
  const head = [
    `HTTP/1.1 ${status} ${reason}`,
    'content-type: application/problem+json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

const UNREADABLE = new Map<string | undefined, readonly [number, string]>([
  ['ERR_HTTP_REQUEST_TIMEOUT', [408, 'Request Timeout']],
  ['HPE_HEADER_OVERFLOW', [431, 'Request Header Fields Too Large']],
]);
