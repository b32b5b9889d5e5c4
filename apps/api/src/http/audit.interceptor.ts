import {
  applyDecorators,
  type CallHandler,
  type ExecutionContext,
  HttpException,
  Injectable,
  type NestInterceptor,
  SetMetadata,
  UseInterceptors,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { catchError, mergeMap, type Observable } from 'rxjs';
import type { Principal } from '#libs/access';
import { AuditLog } from '#libs/audit';
import { AppError } from '#libs/kernel';

/** Where an operation's id is found. */
const OPERATION_ID = 'operation:id';
/** Field names of one request that are kept, and characters of each. */
const MAX_FIELDS = 50;
const MAX_FIELD_LENGTH = 64;

interface AuditedRequest extends FastifyRequest {
  readonly principal?: Principal;
  readonly tenantId?: string;
}

/** Writes down each change before it is made, and what came of it. */
@Injectable()
export class AuditInterceptor implements NestInterceptor<unknown, unknown> {
  constructor(
    private readonly log: AuditLog,
    private readonly reflector: Reflector,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler<unknown>): Promise<Observable<unknown>> {
    const request = context.switchToHttp().getRequest<AuditedRequest>();
    const { principal } = request;
    if (request.method === 'GET' || principal === undefined) return next.handle();
    const id = await this.log.begin({
      actorKeyId: principal.keyId,
      tenantId: request.tenantId ?? null,
      operation: this.reflector.get<string>(OPERATION_ID, context.getHandler()),
      path: request.url.split('?', 1)[0] ?? '',
      fields: fieldsOf(request.body),
      requestId: request.id,
    });
    return next.handle().pipe(
      mergeMap(async (body) => {
        await this.log.end(id, 'done', idOf(body));
        return body;
      }),
      catchError(async (error: unknown) => {
        await this.log.end(id, codeOf(error));
        throw error;
      }),
    );
  }
}

/** An operation whose changes are written down under this id. */
export function Audited(operationId: string): MethodDecorator {
  return applyDecorators(SetMetadata(OPERATION_ID, operationId), UseInterceptors(AuditInterceptor));
}

/** Values may be secrets; names are not. */
function fieldsOf(body: unknown): string[] {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return [];
  const names = Object.keys(body).slice(0, MAX_FIELDS);
  return names.map((name) => name.slice(0, MAX_FIELD_LENGTH).replaceAll('\0', ''));
}

function idOf(body: unknown): string | null {
  const id: unknown = typeof body === 'object' && body !== null && 'id' in body ? body.id : null;
  return typeof id === 'string' ? id : null;
}

function codeOf(error: unknown): string {
  if (error instanceof AppError) return error.code;
  return error instanceof HttpException ? `status_${error.getStatus()}` : 'internal_error';
}
