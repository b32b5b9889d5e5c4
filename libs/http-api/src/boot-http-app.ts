import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { AppConfig } from '#libs/config';
import { createLogger, MetricsRegistry, NestLogger } from '#libs/observability';
import { DEFAULT_BODY_LIMIT } from './body-limit.js';
import { BodyQueue } from './body-queue.js';
import { createAdapter } from './http-server.js';
import { HttpProcessModule } from './http-process.module.js';
import { parseJsonBody } from './json-body.js';
import { setUpDocs } from './open-api.js';
import { ProblemFilter } from './problem.filter.js';
import { Readiness } from './readiness.js';
import { addRequestHooks } from './request-hooks.js';
import { RouteTable } from './route-table.js';
import { SecurityHeaders } from './security-headers.js';
import { createValidationPipe } from './validation.js';

/** How long answers in flight may hold up a stop; an event stream would do so for ever. */
const CLOSE_CONNECTIONS_AFTER_MS = 5_000;

/**
 * The application of one process, initialised and not yet listening: `/health/*`, `/metrics`, the documentation where
 * a module provides `ApiDocs`, problem documents for every error, limits, security headers, exact bodies in `rawBody`.
 */
export async function bootHttpApp(
  root: DynamicModule | Type,
  config: AppConfig,
): Promise<NestFastifyApplication> {
  const logger = createLogger(config);
  const routes = new RouteTable();
  const headers = new SecurityHeaders(config);
  const app = await NestFactory.create<NestFastifyApplication>(
    HttpProcessModule.of(root),
    createAdapter(logger, { routes, headers, aliases: config.http.pathAliases }),
    {
      logger: new NestLogger(logger),
      rawBody: true,
      abortOnError: false,
    },
  );
  protect(app, config);
  app.useGlobalFilters(new ProblemFilter(routes));
  app.useGlobalPipes(createValidationPipe());
  addRequestHooks(app.getHttpAdapter().getInstance(), {
    metrics: app.get(MetricsRegistry),
    readiness: app.get(Readiness),
    headers,
  });
  closeConnectionsInTime(app);
  setUpDocs(app);
  return app.init();
}

/** Takes JSON by our own parser, and no change that another site makes a browser send. */
function protect(app: NestFastifyApplication, config: AppConfig): void {
  const { publicUrl } = config.http;
  app.enableCsrfProtection({ trustedOrigins: publicUrl === null ? [] : [publicUrl] });
  const queue = new BodyQueue();
  app.useBodyParser('application/json', { bodyLimit: DEFAULT_BODY_LIMIT }, (_request, body, done) => {
    queue.read(body.length, () => {
      try {
        done(null, parseJsonBody(body));
      } catch (error) {
        done(error as Error);
      }
    });
  });
}

function closeConnectionsInTime(app: NestFastifyApplication): void {
  const server = app.getHttpAdapter().getInstance();
  server.addHook('preClose', (done) => {
    setTimeout(() => server.server.closeAllConnections(), CLOSE_CONNECTIONS_AFTER_MS).unref();
    done();
  });
}
