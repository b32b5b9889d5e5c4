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

async function boot(name: string, env: Readonly<Record<string, string>>): Promise<NestFastifyApplication> {
  const config = testConfig({
    BELLHOP_API_URL: 'http://127.0.0.1:9',
    BELLHOP_API_KEY: 'a-key-of-32-characters-that-nobody-knows',
    ...env,
  });
  const globals = [ConfigModule.forRoot(config), DatabaseModule.forRoot(), MessagingModule.forRoot()];
  const imports = [...globals, OutboundHttpModule, await rootModule(name)];
  return bootHttpApp({ module: TestProcess, imports }, config);
}

/** A class imported as a type only compiles, and fails when it is injected: only a boot shows it. */
describe.each(APPS)('the root module of %s', (name) => {
  let database: TestDatabase;
  let app: NestFastifyApplication;

  beforeAll(async () => {
    database = await createTestDatabase();
    app = await boot(name, { DATABASE_URL: database.url });
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

test.each([
  ['api', 'goes on taking events', 200],
  ['dispatcher', 'has nothing to do', 503],
])('while RabbitMQ is away the %s %s, and says so', async (name, _what, status) => {
  const database = await createTestDatabase();
  const app = await boot(name, { DATABASE_URL: database.url, AMQP_URL: 'amqp://127.0.0.1:1' });
  const response = await app.inject('/health/ready');
  await app.close();
  await database.drop();
  expect(response.json()).toMatchObject({ dependencies: { database: 'up', broker: 'down' } });
  expect(response.statusCode).toBe(status);
});

async function rootModule(name: string): Promise<Type> {
  const file = pathToFileURL(`apps/${name}/src/${name}.module.ts`).href;
  const className = `${name[0]?.toUpperCase()}${name.slice(1)}Module`;
  const { [className]: module } = (await import(/* @vite-ignore */ file)) as Record<string, Type | undefined>;
  if (!module) throw new Error(`apps/${name} has no ${className}`);
  return module;
}
