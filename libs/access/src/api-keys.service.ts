import { Injectable } from '@nestjs/common';
import { DataSource, IsNull, MoreThan } from 'typeorm';
import { AppError, decodeCursor, type Page, pageOf } from '#libs/kernel';
import { ApiKey } from './api-key.entity.js';
import { Authenticator } from './authenticator.js';
import { newKeyRow } from './key-row.js';
import { newKeyText } from './key-text.js';
import { includesRole, type Principal, type Role, ROLES } from './principal.js';
import { NAMES_OF_SETTINGS } from './settings-keys.js';
import { TenantsService } from './tenants.service.js';

const MAX_NAME_LENGTH = 128;

export interface NewApiKey {
  readonly name: string;
  readonly role: Role;
  /** Null: a key of the platform. */
  readonly tenantId: string | null;
  readonly expiresAt?: Date | null;
}

export interface ListApiKeys {
  /** Undefined: those of everyone. */
  readonly tenantId?: string | null;
  readonly limit: number;
  readonly cursor?: string;
}

/** The keys to the API. A principal hands out no more than it has itself. */
@Injectable()
export class ApiKeysService {
  constructor(
    private readonly db: DataSource,
    private readonly authenticator: Authenticator,
    private readonly tenants: TenantsService,
  ) {}

  /** Makes a key; `key` is the only time that its text is seen. */
  async create(by: Principal, wanted: NewApiKey): Promise<{ apiKey: ApiKey; key: string }> {
    const { name, role, tenantId, expiresAt = null } = wanted;
    refuseUnusable(wanted);
    if (!mayGrant(by, wanted))
      throw forbidden('A key can only be given for your own tenant, with your role or less.');
    if (tenantId !== null) await this.tenants.get(tenantId);
    const key = newKeyText();
    const row = { ...newKeyRow(key, { name, role }), tenantId, expiresAt };
    await this.db.manager.insert(ApiKey, row);
    return { apiKey: await this.db.manager.findOneByOrFail(ApiKey, { id: row.id }), key };
  }

  /** Keys that were not revoked, the oldest first; a tenant sees its own. */
  async list(by: Principal, { tenantId, limit, cursor }: ListApiKeys): Promise<Page<ApiKey>> {
    const owner = by.tenantId ?? tenantId;
    const rows = await this.db.manager.find(ApiKey, {
      where: {
        revokedAt: IsNull(),
        ...(owner === undefined ? {} : { tenantId: owner ?? IsNull() }),
        ...(cursor === undefined ? {} : { id: MoreThan(decodeCursor(cursor)) }),
      },
      order: { id: 'ASC' },
      take: limit + 1,
    });
    return pageOf(rows, limit);
  }

  /** Stops a key on every node within a second. */
  async revoke(by: Principal, id: string): Promise<void> {
    const row = await this.db.manager.findOneBy(ApiKey, { id, revokedAt: IsNull() });
    const isVisible = row && (by.tenantId === null || by.tenantId === row.tenantId);
    if (!isVisible) throw new AppError('not_found', 'api_key_not_found', 'There is no such API key.');
    if (!mayGrant(by, row)) throw forbidden('Only a key with at least this role can revoke it.');
    await this.db.manager.update(ApiKey, { id, revokedAt: IsNull() }, { revokedAt: () => 'now()' });
    this.authenticator.forgetAll();
  }

  /** Who holds the key with this id; null for one that is unknown, revoked or expired. */
  principalOf(keyId: string): Promise<Principal | null> {
    return this.authenticator.holderOf(keyId);
  }

  /** Who holds this key; null for one that is unknown, revoked or expired. */
  authenticate(key: string): Promise<Principal | null> {
    return this.authenticator.authenticate(key);
  }
}

function mayGrant(by: Principal, key: { readonly role: Role; readonly tenantId: string | null }): boolean {
  if (!includesRole(by.role, 'manager') || !includesRole(by.role, key.role)) return false;
  return by.tenantId === null ? by.role === 'admin' : by.tenantId === key.tenantId;
}

function refuseUnusable({ name, role, expiresAt }: NewApiKey): void {
  const errors = [
    ...(name.trim() === '' || name.length > MAX_NAME_LENGTH
      ? [{ field: 'name', message: `must have 1 to ${MAX_NAME_LENGTH} characters` }]
      : []),
    ...(NAMES_OF_SETTINGS.includes(name)
      ? [{ field: 'name', message: 'is kept for the key of the settings' }]
      : []),
    ...(ROLES.includes(role) ? [] : [{ field: 'role', message: `must be one of: ${ROLES.join(', ')}` }]),
    ...(expiresAt && !(expiresAt.getTime() > Date.now())
      ? [{ field: 'expiresAt', message: 'must lie ahead' }]
      : []),
  ];
  if (errors.length > 0)
    throw new AppError('invalid', 'invalid_api_key', 'The key cannot be made like this.', { errors });
}

function forbidden(message: string): AppError {
  return new AppError('forbidden', 'forbidden', message);
}
