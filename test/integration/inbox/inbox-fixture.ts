import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ConfigModule } from '#libs/config';
import { Database, DatabaseModule } from '#libs/database';
import { bootHttpApp } from '#libs/http-api';
import { InboxModule } from '../../../apps/inbox/src/inbox.module.js';
import { testConfig } from '../../support/test-config.js';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { PlatformDouble } from './platform-double.js';

export interface MessageJson {
  readonly id: string;
  readonly type: string;
  readonly status: string;
  readonly failure: string | null;
  readonly receivedCount: number;
  readonly payload: unknown;
}

class InboxProcess {}

/** The inbox as a process of its own, with a platform to connect to. */
export class InboxFixture {
  private constructor(
    private app: NestFastifyApplication,
    readonly platform: PlatformDouble,
    private readonly testDatabase: TestDatabase,
    public url: string,
  ) {}

  static async start(): Promise<InboxFixture> {
    const [testDatabase, platform] = await Promise.all([createTestDatabase(), PlatformDouble.start()]);
    const app = await boot(testDatabase, platform);
    return new InboxFixture(app, platform, testDatabase, await app.getUrl());
  }

  /** Another process of the same inbox, under another address. */
  async startElsewhere(): Promise<void> {
    const successor = await boot(this.testDatabase, this.platform);
    await this.app.close();
    this.app = successor;
    this.url = await successor.getUrl();
  }

  get database(): Database {
    return this.app.get(Database);
  }

  /** As a program does; `form` as a page's form does. */
  async tell(path: string, body: unknown = {}): Promise<Response> {
    const headers = { 'content-type': 'application/json' };
    return fetch(`${this.url}/inbox/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  async form(path: string, fields: Record<string, string> = {}): Promise<Response> {
    const body = new URLSearchParams(fields);
    return fetch(`${this.url}/inbox/${path}`, { method: 'POST', body, redirect: 'manual' });
  }

  async messages(query = ''): Promise<{ data: MessageJson[]; nextCursor: string | null }> {
    const response = await fetch(`${this.url}/inbox/messages${query}`);
    return (await response.json()) as { data: MessageJson[]; nextCursor: string | null };
  }

  async page(): Promise<string> {
    return (await fetch(`${this.url}/inbox`)).text();
  }

  async reset(): Promise<void> {
    this.platform.subscriptions.clear();
    this.platform.refusesAll = false;
    this.platform.patienceMs = 10_000;
    await this.database.query('DELETE FROM inbox.message');
    await this.database.query(
      `UPDATE inbox.connection SET subscription_id = NULL, secret = NULL, connecting_since = NULL, behaviour = NULL,
         refused_count = 0, last_refusal = NULL`,
    );
  }

  async stop(): Promise<void> {
    await this.app.close();
    await this.platform.stop();
    await this.testDatabase.drop();
  }
}

async function boot(database: TestDatabase, platform: PlatformDouble): Promise<NestFastifyApplication> {
  const config = testConfig({
    DATABASE_URL: database.url,
    BELLHOP_API_URL: platform.url,
    BELLHOP_API_KEY: 'key-of-the-inbox-in-tests-0123456789',
  });
  const imports = [ConfigModule.forRoot(config), DatabaseModule.forRoot(), InboxModule];
  const app = await bootHttpApp({ module: InboxProcess, imports }, config);
  await app.listen({ port: 0, host: '127.0.0.1' });
  return app;
}

export const EVENT = JSON.stringify({
  type: 'guestbook.entry.created',
  timestamp: '2026-11-22T04:00:00.000Z',
  data: { id: 'ent_1', name: '<b>Ada</b>', message: '</code></pre><script>alert(1)</script>' },
});
