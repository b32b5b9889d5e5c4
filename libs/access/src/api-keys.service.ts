import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, IsNull, MoreThan } from 'typeorm';
import { AppError, decodeCursor, DEFAULT_TENANT_ID, newId, type Page, pageOf } from '#libs/kernel';
import { ApiKey } from './api-key.entity.js';
import { Authenticator } from './authenticator.js';
import { hashOfKey, newKeyText } from './key-text.js';
import { includesRole, type Principal, type Role, ROLES } from './principal.js';
import { TenantsService } from './tenants.service.js';

/** Whoever starts first makes the first key; the others wait and find it. */
const FIRST_KEY_LOCK = 4_207_849_485;
/** Kept for keys that come with the settings. */
const ADMIN_KEY_NAME = 'BELLHOP_ADMIN_KEY';
const CLIENT_KEY_NAME = 'BELLHOP_API_KEY';
const NAMES_OF_SETTINGS = [ADMIN_KEY_NAME, CLIENT_KEY_NAME];
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
    const row = { ...newRow(key, { name, role }), tenantId, expiresAt };
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

  /**
   * Sees to it that the platform has an admin key: the operator's, which replaces the operator's one before; else the
   * one there is; else a new one, whose text is given back this one time.
   */
  async ensureAdminKey(key: string | null): Promise<{ key: string | null; isNew: boolean }> {
    const result = await this.db.transaction(async (tx) => {
      await tx.query('SELECT pg_advisory_xact_lock($1)', [FIRST_KEY_LOCK]);
      if (key !== null) return setOperatorsKey(tx, key);
      const exists = await tx.existsBy(ApiKey, { tenantId: IsNull(), role: 'admin', revokedAt: IsNull() });
      return exists ? { key: null, isNew: false } : firstKey(tx);
    });
    this.authenticator.forgetAll();
    return result;
  }

  /**
   * Makes the settings' key of the guestbook and the inbox a manager's key of the default tenant, in place of the one
   * before. A key that is known under another name stays what it is, the admin key above all.
   */
  async ensureClientKey(key: string): Promise<void> {
    await this.db.transaction((tx) => setClientKey(tx, key));
    this.authenticator.forgetAll();
  }
}

async function setOperatorsKey(tx: EntityManager, key: string): Promise<{ key: string; isNew: boolean }> {
  const row = newRow(key, { name: ADMIN_KEY_NAME, role: 'admin' });
  await revokeOthers(tx, row);
  await tx.query(
    `INSERT INTO api_key (id, tenant_id, role, name, hash, last_four) VALUES ($1, NULL, 'admin', $2, $3, $4)
     ON CONFLICT (hash) DO UPDATE
     SET revoked_at = NULL, expires_at = NULL, role = 'admin', tenant_id = NULL, name = EXCLUDED.name`,
    [row.id, row.name, row.hash, row.lastFour],
  );
  return { key, isNew: false };
}

async function setClientKey(tx: EntityManager, key: string): Promise<void> {
  const row = newRow(key, { name: CLIENT_KEY_NAME, role: 'manager' });
  await revokeOthers(tx, row);
  await tx.query(
    `INSERT INTO api_key (id, tenant_id, role, name, hash, last_four) VALUES ($1, $2, 'manager', $3, $4, $5)
     ON CONFLICT (hash) DO UPDATE SET revoked_at = NULL WHERE api_key.name = EXCLUDED.name`,
    [row.id, DEFAULT_TENANT_ID, row.name, row.hash, row.lastFour],
  );
}

/** The name is the settings' alone, so these are the keys that the settings had before. */
async function revokeOthers(tx: EntityManager, { name, hash }: KeyRow): Promise<void> {
  await tx.query('UPDATE api_key SET revoked_at = now() WHERE name = $1 AND hash <> $2', [name, hash]);
}

async function firstKey(tx: EntityManager): Promise<{ key: string; isNew: boolean }> {
  const key = newKeyText();
  await tx.insert(ApiKey, { ...newRow(key, { name: 'first admin key', role: 'admin' }), tenantId: null });
  return { key, isNew: true };
}

type KeyRow = Pick<ApiKey, 'id' | 'name' | 'role' | 'hash' | 'lastFour'>;

function newRow(key: string, { name, role }: { name: string; role: Role }): KeyRow {
  return { id: newId(), name, role, hash: hashOfKey(key), lastFour: key.slice(-4) };
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
