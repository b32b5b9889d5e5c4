import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ApiKeysService, type Principal, type Role, SettingsKeys, TenantsService } from '#libs/access';
import { type AppConfig, ConfigModule } from '#libs/config';
import { DatabaseModule } from '#libs/database';
import { bootHttpApp } from '#libs/http-api';
import { ID_PREFIX, toTypeId } from '#libs/kernel';
import { MessagingModule } from '#libs/messaging';
import { OutboundHttpModule } from '#libs/outbound-http';
import { ApiModule } from '../../../apps/api/src/api.module.js';
import { TEST_ADMIN_KEY, testConfig } from '../../support/test-config.js';
import { createTestDatabase } from '../../support/test-database.js';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | number | undefined>>;
  readonly text: string;
  json<T = Record<string, unknown>>(): T;
}

export interface CallOptions {
  /** Null: no key at all. */
  readonly key?: string | null;
  readonly body?: unknown;
  readonly raw?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const PLATFORM_ADMIN: Principal = { keyId: 'test', tenantId: null, role: 'admin' };

class ApiProcess {}

/** The API on a database of its own; requests are injected, nothing listens. */
export class ApiFixture {
  private constructor(
    readonly app: NestFastifyApplication,
    readonly config: AppConfig,
    private readonly drop: () => Promise<void>,
  ) {}

  static async start(env: Readonly<Record<string, string>> = {}): Promise<ApiFixture> {
    const database = await createTestDatabase();
    const config = testConfig({ DATABASE_URL: database.url, ...env });
    const app = await bootHttpApp(processOf(config), config);
    await app.get(SettingsKeys, { strict: false }).ensureAdmin(TEST_ADMIN_KEY);
    return new ApiFixture(app, config, () => database.drop());
  }

  async stop(): Promise<void> {
    await this.app.close();
    await this.drop();
  }

  /** One request; with the platform's admin key unless another one is given. */
  async call(method: string, url: string, options: CallOptions = {}): Promise<Answer> {
    const { key = TEST_ADMIN_KEY, body, raw, headers = {} } = options;
    const payload = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const response = await this.app.inject({
      method: method as 'GET',
      url,
      headers: {
        ...(key !== null && { authorization: `Bearer ${key}` }),
        ...(payload !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(payload !== undefined && { payload }),
    });
    return {
      status: response.statusCode,
      headers: response.headers,
      text: response.body,
      json: <T>() => response.json<T>(),
    };
  }

  async tenant(name: string): Promise<{ uuid: string; id: string }> {
    const { id } = await this.app.get(TenantsService, { strict: false }).create({ name });
    return { uuid: id, id: toTypeId(ID_PREFIX.tenant, id) };
  }

  /** A key of this role; null as tenant: one of the platform. */
  async key(role: Role, tenantUuid: string | null): Promise<string> {
    const wanted = { name: `${role} of the tests`, role, tenantId: tenantUuid };
    const { key } = await this.app.get(ApiKeysService, { strict: false }).create(PLATFORM_ADMIN, wanted);
    return key;
  }
}

function processOf(config: AppConfig): Parameters<typeof bootHttpApp>[0] {
  return {
    module: ApiProcess,
    imports: [
      ConfigModule.forRoot(config),
      DatabaseModule.forRoot(),
      MessagingModule.forRoot(),
      OutboundHttpModule,
      ApiModule,
    ],
  };
}
