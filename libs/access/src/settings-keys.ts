import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, IsNull } from 'typeorm';
import { ConfigError } from '#libs/config';
import { DEFAULT_TENANT_ID } from '#libs/kernel';
import { ApiKey } from './api-key.entity.js';
import { Authenticator } from './authenticator.js';
import { type KeyRow, newKeyRow } from './key-row.js';
import { isCanonicalKey, newKeyText } from './key-text.js';

/** Whoever starts first makes the first key; the others wait and find it. */
const FIRST_KEY_LOCK = 4_207_849_485;
const ADMIN_KEY_NAME = 'BELLHOP_ADMIN_KEY';
const CLIENT_KEY_NAME = 'BELLHOP_API_KEY';
/** Kept for keys that come with the settings. */
export const NAMES_OF_SETTINGS: readonly string[] = [ADMIN_KEY_NAME, CLIENT_KEY_NAME];

/** The keys that a process sees to when it starts, before anyone comes with one. */
@Injectable()
export class SettingsKeys {
  constructor(
    private readonly db: DataSource,
    private readonly authenticator: Authenticator,
  ) {}

  /**
   * Sees to it that the platform has an admin key: the operator's, which replaces the operator's one before; else the
   * one there is; else a new one, whose text is given back this one time. Throws `ConfigError` for a key that would
   * open nothing.
   */
  async ensureAdmin(key: string | null): Promise<{ key: string | null; isNew: boolean }> {
    if (key !== null) requireUsable(ADMIN_KEY_NAME, key);
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
   * before. A key that is known under another name stays what it is, the admin key above all. Throws `ConfigError` for
   * a key that would open nothing.
   */
  async ensureClient(key: string): Promise<void> {
    requireUsable(CLIENT_KEY_NAME, key);
    await this.db.transaction((tx) => setClientKey(tx, key));
    this.authenticator.forgetAll();
  }
}

/** A text that begins like one of our keys and is none is refused with every request, so it is refused at once. */
function requireUsable(name: string, key: string): void {
  if (isCanonicalKey(key)) return;
  throw new ConfigError([
    `${name} begins like a key made by Bellhop (bhk_) but is none: was it cut off or changed? ` +
      'Give the whole key, or 32 or more random characters that begin otherwise',
  ]);
}

async function setOperatorsKey(tx: EntityManager, key: string): Promise<{ key: string; isNew: boolean }> {
  const row = newKeyRow(key, { name: ADMIN_KEY_NAME, role: 'admin' });
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
  const row = newKeyRow(key, { name: CLIENT_KEY_NAME, role: 'manager' });
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
  await tx.insert(ApiKey, { ...newKeyRow(key, { name: 'first admin key', role: 'admin' }), tenantId: null });
  return { key, isNew: true };
}
