import path from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppConfig, loadConfig, requireSecretKeys } from '#libs/config';
import { embeddedKeyring, migrate, startEmbeddedPostgres } from '#libs/database';
import { bootHttpApp, listen, runUntilSignal } from '#libs/http-api';
import { banner, firstKeyNotice } from './banner.js';
import { choosePort, originOf } from './own-port.js';
import { prepareKeys } from './prepare-keys.js';
import { StandaloneModule } from './standalone.module.js';

/** Runs the platform until it is told to stop. PostgreSQL is the first to start and the last to stop. */
export async function runPlatform(): Promise<void> {
  const settings = loadConfig();
  if (settings.mode !== 'embedded') requireSecretKeys(settings);
  const startingIsOver = leaveOnSignal();
  const http = { ...settings.http, port: await choosePort(settings.http) };
  const postgres = settings.mode === 'embedded' ? await startEmbeddedPostgres(settings.database) : null;
  try {
    const url = postgres?.url ?? settings.database.url;
    const database = { ...settings.database, url, dataDir: path.resolve(settings.database.dataDir) };
    await serve(changed(settings, { http, database }), startingIsOver);
  } finally {
    await postgres?.stop();
  }
}

/** Until the platform can stop in order, a signal simply ends the process, and PostgreSQL with it. */
function leaveOnSignal(): () => void {
  const leave = (): never => process.exit(130);
  process.once('SIGINT', leave).once('SIGTERM', leave);
  return () => process.off('SIGINT', leave).off('SIGTERM', leave);
}

async function serve(settings: AppConfig, startingIsOver: () => void): Promise<void> {
  await migrate(settings.database.url ?? '');
  const { admin, pages } = await prepareKeys(settings);
  try {
    const config = await completed(settings, pages);
    const app = await bootHttpApp(StandaloneModule.forRoot(config), config);
    await listenOrClose(app, config);
    process.stdout.write(banner(config, admin));
    const stopped = runUntilSignal(app, config);
    startingIsOver();
    await stopped;
  } catch (error) {
    process.stdout.write(firstKeyNotice(admin));
    throw error;
  }
}

async function listenOrClose(app: NestFastifyApplication, config: AppConfig): Promise<void> {
  try {
    await listen(app, config);
  } catch (error) {
    await app.close();
    throw error;
  }
}

/** What only a process that serves everything knows: its own address is the API's, and its keys are its own. */
async function completed(settings: AppConfig, pagesKey: string): Promise<AppConfig> {
  const keyring = settings.secrets.keyring ?? (await embeddedKeyring(settings.database.dataDir));
  const isElsewhere = settings.apiClient.url !== null;
  const apiClient = isElsewhere ? settings.apiClient : { url: originOf(settings.http), key: pagesKey };
  return changed(settings, { secrets: { keyring }, apiClient });
}

function changed(settings: AppConfig, parts: Partial<AppConfig>): AppConfig {
  return Object.freeze(Object.assign(new AppConfig(), settings, parts));
}
