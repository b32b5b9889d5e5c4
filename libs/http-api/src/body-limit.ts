import { RouteConfig } from '@nestjs/platform-fastify';
import type { RouteOptions } from 'fastify';

/** What a request body may have where nothing else is said. */
export const DEFAULT_BODY_LIMIT = 64 * 1024;

/** Lets one endpoint take larger (or only smaller) bodies than the rest. */
export function BodyLimit(bytes: number): MethodDecorator {
  return RouteConfig({ bodyLimit: bytes });
}

/** Carries `BodyLimit` over to Fastify, which refuses the body before it is read into memory. */
export function applyBodyLimit(route: RouteOptions): void {
  const limit: unknown = (route.config as { bodyLimit?: unknown } | undefined)?.bodyLimit;
  if (typeof limit === 'number') route.bodyLimit = limit;
}
