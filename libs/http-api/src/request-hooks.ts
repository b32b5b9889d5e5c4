import { Logger, UnsupportedMediaTypeException } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest, onResponseHookHandler } from 'fastify';
import type { MetricsRegistry } from '#libs/observability';
import type { Readiness } from './readiness.js';
import type { SecurityHeaders } from './security-headers.js';

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

interface Dependencies {
  readonly metrics: MetricsRegistry;
  readonly readiness: Readiness;
  readonly headers: SecurityHeaders;
}

/** What happens around every request: its id, its metric, one log line where it failed. */
export function addRequestHooks(
  server: FastifyInstance,
  { metrics, readiness, headers }: Dependencies,
): void {
  const logger = new Logger('Http');
  server.addHook('onRequest', (request, reply, done) => {
    void reply.headers(headers.at(request.url)).header('x-request-id', request.id);
    if (readiness.isDraining) void reply.header('connection', 'close');
    done(isFormForTheApi(request) ? new UnsupportedMediaTypeException() : undefined);
  });
  addDurations(server, metrics);
  server.addHook('onResponse', (request, reply, done) => {
    if (reply.statusCode >= 400) logger.debug(lineOf(request, reply));
    done();
  });
}

/**
 * Observes by method, route and status. A hook of its own for each route knows the route without asking for it, and
 * keeps the series: Fastify builds an object, and prom-client a text, each time that they are asked.
 */
function addDurations(server: FastifyInstance, metrics: MetricsRegistry): void {
  const histogram = metrics.histogram({
    name: 'http_server_request_duration_seconds',
    help: 'Duration of HTTP requests.',
    labelNames: ['method', 'route', 'status'],
    buckets: SECONDS,
  });
  const observerOf = (route: string): onResponseHookHandler => {
    const known = new Map<string, { observe(seconds: number): void }>();
    return ({ method }, { statusCode: status, elapsedTime }, done) => {
      const key = `${method} ${status}`;
      const series = known.get(key) ?? histogram.labels({ method, route, status });
      known.set(key, series);
      series.observe(elapsedTime / 1000);
      done();
    };
  };
  const observers = new Map<string, onResponseHookHandler>();
  const unknown = observerOf('unknown');
  server.addHook('onRoute', (route) => {
    const observer = observers.get(route.url) ?? observerOf(route.url);
    observers.set(route.url, observer);
    const others = [route.onResponse ?? []].flat().filter((other) => other !== observer);
    route.onResponse = [...others, observer];
  });
  server.addHook('onResponse', (request, reply, done) =>
    request.is404 ? unknown.call(server, request, reply, done) : done(),
  );
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
