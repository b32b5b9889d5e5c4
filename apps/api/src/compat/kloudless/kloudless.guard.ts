import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { ApiKeysService, type Principal } from '#libs/access';
import { AppError, DEFAULT_TENANT_ID } from '#libs/kernel';

const KEY = /^(?:apikey|bearer) +([^ ]{1,512})$/i;

interface KeyRequest {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  principal?: Principal;
  tenantId?: string;
}

/** Lets a request in by `Authorization: ApiKey bhk_…`, with the scheme in any spelling, or `Bearer`. */
@Injectable()
export class KloudlessGuard implements CanActivate {
  constructor(private readonly keys: ApiKeysService) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<KeyRequest>();
    const { authorization } = request.headers;
    const key = typeof authorization === 'string' ? KEY.exec(authorization)?.[1] : undefined;
    const principal = key === undefined ? null : await this.keys.authenticate(key);
    if (!principal) {
      const message = 'Send an API key that is valid: `Authorization: ApiKey bhk_…`.';
      throw new AppError('unauthorized', 'unauthorized', message);
    }
    request.principal = principal;
    request.tenantId = principal.tenantId ?? DEFAULT_TENANT_ID;
    return true;
  }
}
