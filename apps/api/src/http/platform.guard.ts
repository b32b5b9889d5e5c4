import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { Principal } from '#libs/access';
import { AppError } from '#libs/kernel';

/** Behind ApiKeyGuard: what concerns all tenants is only for keys that belong to none. */
@Injectable()
export class PlatformGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { principal } = context.switchToHttp().getRequest<{ principal?: Principal }>();
    if (principal?.tenantId === null) return true;
    throw new AppError(
      'forbidden',
      'forbidden',
      "This shows all tenants and needs a key of the platform, not a tenant's.",
    );
  }
}
