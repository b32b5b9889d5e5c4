import { type DynamicModule, Logger, type Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  type AppConfig,
  ConfigModule,
  loadConfig,
  requireDatabaseUrl,
  requireSecretKeys,
} from '#libs/config';
import { DatabaseModule, migrate } from '#libs/database';
import { bootHttpApp } from './boot-http-app.js';
import { runProcess } from './run-process.js';
import { listen, runUntilSignal } from './run-until-signal.js';

export interface Service {
  /** As the log calls it. */
  readonly name: string;
  /** Settings and database are there; global modules come first. */
  readonly imports: readonly (DynamicModule | Type)[];
  /** It seals secrets: production is refused without keys of its own. */
  readonly keepsSecrets?: boolean;
  /** What must be done before the first request comes. */
  readonly prepare?: (app: NestFastifyApplication, config: AppConfig) => Promise<void>;
}

class ServiceProcess {}

/** Runs one application as a process of its own, from its settings to its last answer. */
export function runService(service: Service): Promise<never> {
  return runProcess(async () => {
    const config = loadConfig();
    const url = requireDatabaseUrl(config);
    if (service.keepsSecrets) requireSecretKeys(config);
    await migrate(url);
    await serve(service, config);
  });
}

async function serve({ name, imports, prepare }: Service, config: AppConfig): Promise<void> {
  const globals = [ConfigModule.forRoot(config), DatabaseModule.forRoot()];
  const app = await bootHttpApp({ module: ServiceProcess, imports: [...globals, ...imports] }, config);
  await prepare?.(app, config);
  new Logger(name).log(`listens on ${await listen(app, config)}`);
  await runUntilSignal(app, config);
}
