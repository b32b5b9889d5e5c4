import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Principal } from '#libs/access';
import type { Caller } from '#libs/subscriptions';

interface AuthenticatedRequest {
  readonly principal?: Principal;
  readonly tenantId?: string;
}

/** For whom the request acts, which key made it, and whether it is the operator's. */
export const CurrentCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const { principal, tenantId } = context.switchToHttp().getRequest<AuthenticatedRequest>();
  if (!principal || !tenantId) throw new Error('CurrentCaller needs a route that ApiKeyGuard protects');
  const isOperator = principal.tenantId === null && principal.role === 'admin';
  return { tenantId, keyId: principal.keyId, isOperator };
});
