import type { INestApplicationContext } from '@nestjs/common';
import { SettingsKeys } from '#libs/access';
import type { AppConfig } from '#libs/config';

/** Sees to it that the keys of the settings open the API, before anyone comes with one. */
export async function ensureKeys(
  app: INestApplicationContext,
  { access, apiClient }: AppConfig,
): Promise<void> {
  const keys = app.get(SettingsKeys, { strict: false });
  const { key, isNew } = await keys.ensureAdmin(access.adminKey);
  // Shown this one time and by no logger: a key belongs into no log file.
  if (isNew && key !== null) process.stdout.write(`Admin API key, shown this one time: ${key}\n`);
  if (apiClient.key !== null) await keys.ensureClient(apiClient.key);
}
