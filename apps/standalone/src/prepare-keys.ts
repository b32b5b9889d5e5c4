import { hostname } from 'node:os';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AccessModule, ApiKeysService, type Principal, SettingsKeys } from '#libs/access';
import { type AppConfig, ConfigModule } from '#libs/config';
import { DatabaseModule } from '#libs/database';
import { DEFAULT_TENANT_ID } from '#libs/kernel';

/** `key` is null if the key was made at an earlier start: only its hash is kept. */
export interface AdminKey {
  readonly key: string | null;
  readonly isNew: boolean;
}

export interface PreparedKeys {
  readonly admin: AdminKey;
  /** For the built-in guestbook and inbox; another one at each start. */
  readonly pages: string;
}

@Module({})
class KeyPreparation {}

/** The operator who started this process may do everything. */
const OPERATOR: Principal = { keyId: '00000000-0000-0000-0000-000000000000', tenantId: null, role: 'admin' };

/** Sees to the keys before the application is made, since its settings contain one of them. */
export async function prepareKeys(config: AppConfig): Promise<PreparedKeys> {
  const imports = [ConfigModule.forRoot(config), DatabaseModule.forRoot(), AccessModule];
  const context = await NestFactory.createApplicationContext(
    { module: KeyPreparation, imports },
    { logger: ['fatal', 'error', 'warn'], abortOnError: false },
  );
  try {
    const admin = await context.get(SettingsKeys).ensureAdmin(config.access.adminKey);
    return { admin, pages: await replacePagesKey(context.get(ApiKeysService), nameOf(config)) };
  } finally {
    await context.close();
  }
}

/** Processes that share a database must not revoke each other's key. */
function nameOf({ mode, http }: AppConfig): string {
  return mode === 'embedded' ? 'built-in pages' : `built-in pages of ${hostname()}:${http.port}`;
}

async function replacePagesKey(apiKeys: ApiKeysService, name: string): Promise<string> {
  for (const id of await idsNamed(apiKeys, name)) await apiKeys.revoke(OPERATOR, id);
  const { key } = await apiKeys.create(OPERATOR, { name, role: 'manager', tenantId: DEFAULT_TENANT_ID });
  return key;
}

async function idsNamed(apiKeys: ApiKeysService, name: string): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null | undefined;
  do {
    const where = { tenantId: DEFAULT_TENANT_ID, limit: 200, ...(cursor && { cursor }) };
    const page = await apiKeys.list(OPERATOR, where);
    ids.push(...page.data.filter((key) => key.name === name).map((key) => key.id));
    cursor = page.nextCursor;
  } while (cursor);
  return ids;
}
