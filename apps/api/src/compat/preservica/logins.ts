import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ApiKeysService, type Principal, TenantsService } from '#libs/access';
import { AppError } from '#libs/kernel';
import { isEqualConstantTime } from '#libs/signing';
import { SharedSecrets } from '#libs/subscriptions';
import { AccessTokens } from './access-tokens.js';
import { FailedLogins } from './failed-logins.js';

const CLOCK_SKEW_SECONDS = 300;
const PREFIX = 'preservica-external-auth';

export interface Login {
  readonly username: string;
  readonly password: string;
  readonly tenant: string;
  /** Whose failures are counted together. */
  readonly from: string;
}

export interface ExternalLogin {
  readonly username: string;
  readonly tenant: string;
  readonly timestamp: string;
  readonly hash: string;
  readonly from: string;
}

export interface LoggedIn {
  readonly token: string;
  readonly tenant: string;
  readonly principal: Principal;
}

/** Logs clients in that know a tenant's name, and an API key or the tenant's shared secret. */
@Injectable()
export class Logins {
  constructor(
    private readonly keys: ApiKeysService,
    private readonly tenants: TenantsService,
    private readonly secrets: SharedSecrets,
    private readonly tokens: AccessTokens,
    private readonly failures: FailedLogins,
  ) {}

  /** `password` is an API key. Throws `forbidden`, or `rate_limited` after too many failures. */
  async byKey({ username, password, tenant, from }: Login): Promise<LoggedIn> {
    this.failures.refuseTooMany(from);
    return this.logIn(username, tenant, from, await this.keys.authenticate(password));
  }

  /** The hash is made with the tenant's shared secret; throws as `byKey`. */
  async bySecret({ username, tenant, timestamp, hash, from }: ExternalLogin): Promise<LoggedIn> {
    this.failures.refuseTooMany(from);
    const owner = await this.tenants.named(username);
    const known = owner && (await this.secrets.of(owner.id));
    const isProven =
      known !== null &&
      isNow(timestamp) &&
      isEqualConstantTime(hash.toLowerCase(), externalHash(timestamp, username, known.secret));
    const principal = isProven ? await this.keys.principalOf(known.apiKeyId) : null;
    return this.logIn(username, tenant, from, principal);
  }

  private async logIn(
    username: string,
    tenant: string,
    from: string,
    principal: Principal | null,
  ): Promise<LoggedIn> {
    const owner = principal && (await this.tenants.named(username));
    const isOwn = owner && (principal.tenantId === null || principal.tenantId === owner.id);
    if (!isOwn) {
      this.failures.note(from);
      const message = 'The user name must be the name of your tenant, and the password one of its API keys.';
      throw new AppError('forbidden', 'forbidden', message);
    }
    const label = tenant === '' ? owner.name : tenant;
    const token = this.tokens.issue({ tenantId: owner.id, keyId: principal.keyId, label });
    return { token, tenant: label, principal };
  }
}

/** Lower hex SHA-1, as clients make it. */
export function externalHash(timestamp: string, username: string, secret: string): string {
  return createHash('sha1').update(`${PREFIX}${timestamp}${username}${secret}`).digest('hex');
}

function isNow(timestamp: string): boolean {
  const seconds = /^\d{1,13}$/.test(timestamp) ? Number(timestamp) : Number.NaN;
  return Math.abs(Date.now() / 1000 - seconds) <= CLOCK_SKEW_SECONDS;
}
