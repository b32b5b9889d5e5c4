import { applyDecorators, type CanActivate, Controller, type Type, UseGuards } from '@nestjs/common';
import { ApiExtension, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiKeyGuard, RequireRole, type Role } from '#libs/access';
import { Audited } from './audit.interceptor.js';

export interface OperationText {
  /** Unique; generated clients name their functions by it. */
  readonly id: string;
  readonly summary: string;
  readonly description?: string;
  readonly role: Role;
  /** False for what is done thousands of times a second, or changes nothing. */
  readonly isAudited?: boolean;
}

/** Member of the OpenAPI document that says which keys may call an operation. */
const ROLE_EXTENSION = 'x-required-role';

/** A part of the API under `/v1`: nothing of it answers without a key, and further guards come after that. */
export function ApiController(path: string, tag: string, ...guards: Type<CanActivate>[]): ClassDecorator {
  return applyDecorators(Controller(`v1/${path}`), UseGuards(ApiKeyGuard, ...guards), ApiTags(tag));
}

/** One operation of the API, for keys of this role or a higher one; what changes something is written down. */
export function Operation(text: OperationText): MethodDecorator {
  const { id, summary, description, role, isAudited = role !== 'viewer' } = text;
  return applyDecorators(
    RequireRole(role),
    ApiOperation({ operationId: id, summary, ...(description && { description }) }),
    ApiExtension(ROLE_EXTENSION, role),
    ...(isAudited ? [Audited(id)] : []),
  );
}
