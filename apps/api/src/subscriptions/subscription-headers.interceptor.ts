import {
  type CallHandler,
  type ExecutionContext,
  HttpStatus,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { map, type Observable } from 'rxjs';
import { entityTag } from '../http/if-match.js';

interface Shown {
  readonly id: string;
  readonly version: number;
  readonly secret?: string;
}

/** The headers that follow from a subscription in the answer: its tag, its address when new, no store for a secret. */
@Injectable()
export class SubscriptionHeaders implements NestInterceptor<unknown, unknown> {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    return next.handle().pipe(
      map((body: unknown) => {
        if (isShown(body))
          describe(body, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
        return body;
      }),
    );
  }
}

function describe(body: Shown, request: FastifyRequest, reply: FastifyReply): void {
  const isCreated = reply.statusCode === Number(HttpStatus.CREATED);
  void reply.header('etag', entityTag(body.version));
  if (isCreated) void reply.header('location', `${request.routeOptions.url ?? ''}/${body.id}`);
  void reply.header('cache-control', body.secret === undefined ? 'no-cache' : 'no-store');
}

function isShown(body: unknown): body is Shown {
  return typeof body === 'object' && body !== null && 'version' in body && 'id' in body;
}
