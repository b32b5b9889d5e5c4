import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AppError, DEFAULT_TENANT_ID, fromTypeId, ID_PREFIX } from '#libs/kernel';
import { PUBLIC, REQUIRED_ROLE } from './access.decorators.js';
import type { AuthenticatedRequest } from './authenticated-request.js';
import { Authenticator } from './authenticator.js';
import { bearerOf } from './bearer.js';
import { includesRole, type Principal, type Role } from './principal.js';
import { TenantsService, tenantNotFound } from './tenants.service.js';

/** Lets a request in by its API key: every route, unless it is `@Public()`. */
@Injectable()
export class ApiKeyGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly authenticator: Authenticator,
    private readonly tenants: TenantsService,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const places = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean | undefined>(PUBLIC, places)) return true;
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const principal = await this.principalOf(request);
    const required = this.reflector.getAllAndOverride<Role | undefined>(REQUIRED_ROLE, places) ?? 'viewer';
    if (!includesRole(principal.role, required)) throw forbidden(required);
    request.principal = principal;
    request.tenantId = await this.tenantOf(principal, request.headers['bellhop-tenant']);
    return true;
  }

  private async principalOf(request: AuthenticatedRequest): Promise<Principal> {
    const key = bearerOf(request.headers['authorization']);
    const principal = key === null ? null : await this.authenticator.authenticate(key);
    if (principal) return principal;
    const message =
      key === null
        ? 'Send an API key: `Authorization: Bearer bhk_…`.'
        : 'This API key is unknown, expired or revoked. Ask your operator for a new one.';
    throw new AppError('unauthorized', 'unauthorized', message);
  }

  /** A tenant that a key does not belong to looks to it like one that does not exist. */
  private async tenantOf({ tenantId }: Principal, header: string | string[] | undefined): Promise<string> {
    if (header === undefined) return tenantId ?? DEFAULT_TENANT_ID;
    const wanted = typeof header === 'string' ? fromTypeId(ID_PREFIX.tenant, header) : null;
    if (wanted === null || (tenantId !== null && wanted !== tenantId)) throw tenantNotFound();
    await this.tenants.expect(wanted);
    return wanted;
  }
}

function forbidden(required: Role): AppError {
  return new AppError('forbidden', 'forbidden', `This needs an API key with the role "${required}".`);
}
