import type { AppConfig } from './app-config.js';
import { ConfigError } from './load-config.js';

/** The address of PostgreSQL, for a process that brings none of its own. Throws `ConfigError`. */
export function requireDatabaseUrl({ database }: AppConfig): string {
  if (database.url !== null) return database.url;
  throw new ConfigError(['This process needs DATABASE_URL; only `npm start` brings a database of its own']);
}

/** For whoever keeps secrets: in production the development key will not do. Throws `ConfigError`. */
export function requireSecretKeys({ isProduction, secrets }: AppConfig): void {
  if (!isProduction || secrets.keyring !== null) return;
  throw new ConfigError([
    'NODE_ENV=production needs BELLHOP_SECRET_KEYS, e.g. k1:$(openssl rand -base64 32)',
  ]);
}
