import { type CanActivate, createParamDecorator, type ExecutionContext, Injectable } from '@nestjs/common';
import { ApiKeysService, includesRole, type Principal } from '#libs/access';
import { AppError } from '#libs/kernel';
import { AccessTokens, type Session } from './access-tokens.js';

interface SessionRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  principal?: Principal;
  tenantId?: string;
  session?: Session;
}

/** The session of the request's token. */
export const CurrentSession = createParamDecorator((_: unknown, context: ExecutionContext): Session => {
  const { session } = context.switchToHttp().getRequest<SessionRequest>();
  if (!session) throw new Error('CurrentSession needs a route that PreservicaGuard protects');
  return session;
});

/**
 * Lets a request in by its `Preservica-Access-Token`. Clients answer a 401 with another login and the same request, so
 * that is said of an expired token alone; whatever a new login would not change is a 403.
 */
@Injectable()
export class PreservicaGuard implements CanActivate {
  constructor(
    private readonly tokens: AccessTokens,
    private readonly keys: ApiKeysService,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<SessionRequest>();
    const session = this.sessionOf(request.headers['preservica-access-token']);
    const principal = await this.keys.principalOf(session.keyId);
    const isOfTenant = principal?.tenantId === null || principal?.tenantId === session.tenantId;
    if (!principal || !isOfTenant) throw forbidden('The API key of this token is revoked or expired.');
    const required = request.method === 'GET' ? 'viewer' : 'manager';
    if (!includesRole(principal.role, required))
      throw forbidden(`This needs an API key with the role "${required}".`);
    Object.assign(request, { session, principal, tenantId: session.tenantId });
    return true;
  }

  private sessionOf(header: string | string[] | undefined): Session {
    const session = typeof header === 'string' ? this.tokens.read(header) : null;
    if (session === 'expired')
      throw new AppError('unauthorized', 'unauthorized', 'The access token has expired: log in again.');
    if (session === null)
      throw forbidden('Send the token of POST /api/accesstoken/login as Preservica-Access-Token.');
    return session;
  }
}

function forbidden(message: string): AppError {
  return new AppError('forbidden', 'forbidden', message);
}
