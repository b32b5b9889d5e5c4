import { pathToFileURL } from 'node:url';
import type { Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ConfigModule } from '#libs/config';
import { DatabaseModule } from '#libs/database';
import { bootHttpApp } from '#libs/http-api';
import { MessagingModule } from '#libs/messaging';
import { OutboundHttpModule } from '#libs/outbound-http';
import { testConfig } from '../../support/test-config.js';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';

const APPS = ['api', 'dispatcher', 'guestbook', 'inbox'];

class TestProcess {}

/** A class imported as a type only compiles, and fails when it is injected: only a boot shows it. */
describe.each(APPS)('the root module of %s', (name) => {
  let database: TestDatabase;
  let app: NestFastifyApplication;

  beforeAll(async () => {
    database = await createTestDatabase();
    const config = testConfig({
      DATABASE_URL: database.url,
      BELLHOP_API_URL: 'http://127.0.0.1:9',
      BELLHOP_API_KEY: 'a-key-that-nobody-knows',
    });
    const globals = [ConfigModule.forRoot(config), DatabaseModule.forRoot(), MessagingModule.forRoot()];
    const imports = [...globals, OutboundHttpModule, await rootModule(name)];
    app = await bootHttpApp({ module: TestProcess, imports }, config);
  }, 60_000);
  afterAll(async () => {
    await app?.close();
    await database.drop();
  }, 30_000);

  test('boots, is ready, and closes what it opened', async () => {
    const response = await app.inject({ method: 'GET', url: '/health/ready' });
    expect(response.json()).toMatchObject({ status: 'ready' });
    expect(response.statusCode).toBe(200);
  });
});

async function rootModule(name: string): Promise<Type> {
  const file = pathToFileURL(`apps/${name}/src/${name}.module.ts`).href;
  const className = `${name[0]?.toUpperCase()}${name.slice(1)}Module`;
  const { [className]: module } = (await import(/* @vite-ignore */ file)) as Record<string, Type | undefined>;
  if (!module) throw new Error(`apps/${name} has no ${className}`);
  return module;
}
