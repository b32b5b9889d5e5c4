import { createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import type { AuthenticatedRequest } from './authenticated-request.js';
import type { Principal, Role } from './principal.js';

export const PUBLIC = 'access:public';
export const REQUIRED_ROLE = 'access:role';

/** Anybody may call this, without a key. */
export const Public = (): ClassDecorator & MethodDecorator => SetMetadata(PUBLIC, true);

/** Only keys of this role or a higher one may call this; without it any key may. */
export const RequireRole = (role: Role): ClassDecorator & MethodDecorator => SetMetadata(REQUIRED_ROLE, role);

/** The UUID of the tenant that the request acts for. */
export const CurrentTenant = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const { tenantId } = requestOf(context);
  if (tenantId === undefined) throw new Error('CurrentTenant needs a route that ApiKeyGuard protects');
  return tenantId;
});

/** Who makes the request. */
export const CurrentPrincipal = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  const { principal } = requestOf(context);
  if (principal === undefined) throw new Error('CurrentPrincipal needs a route that ApiKeyGuard protects');
  return principal;
});

function requestOf(context: ExecutionContext): AuthenticatedRequest {
  return context.switchToHttp().getRequest<AuthenticatedRequest>();
}
