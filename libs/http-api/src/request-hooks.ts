import { Logger, UnsupportedMediaTypeException } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { MetricsRegistry } from '#libs/observability';
import type { Readiness } from './readiness.js';
import { DOCS_POLICY } from './security-headers.js';

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

interface Dependencies {
  readonly metrics: MetricsRegistry;
  readonly readiness: Readiness;
}

/** What happens around every request: its id, its metric, one log line where it failed. */
export function addRequestHooks(server: FastifyInstance, { metrics, readiness }: Dependencies): void {
  const logger = new Logger('Http');
  const duration = metrics.histogram({
    name: 'http_server_request_duration_seconds',
    help: 'Duration of HTTP requests.',
    labelNames: ['method', 'route', 'status'],
    buckets: SECONDS,
  });
  server.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id);
    if (request.url.startsWith('/docs')) void reply.header('content-security-policy', DOCS_POLICY);
    if (readiness.isDraining) void reply.header('connection', 'close');
    done(isFormForTheApi(request) ? new UnsupportedMediaTypeException() : undefined);
  });
  server.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'unknown';
    duration.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
    if (reply.statusCode >= 400) logger.debug(lineOf(request, reply));
    done();
  });
}

/** The API takes JSON alone: a form is the one body that a foreign page can send without being asked. */
function isFormForTheApi(request: FastifyRequest): boolean {
  const type = request.headers['content-type'] ?? '';
  return request.url.startsWith('/v1/') && type.startsWith('application/x-www-form-urlencoded');
}

function lineOf(request: FastifyRequest, reply: FastifyReply): object {
  return {
    requestId: request.id,
    method: request.method,
    path: request.url.split('?', 1)[0]?.slice(0, 256),
    status: reply.statusCode,
    durationMs: Math.round(reply.elapsedTime),
  };
}
