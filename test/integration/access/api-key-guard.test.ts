import { type ArgumentsHost, Catch, Controller, type ExceptionFilter, Get, UseFilters } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  AccessModule,
  ApiKeyGuard,
  ApiKeysService,
  CurrentPrincipal,
  CurrentTenant,
  type Principal,
  Public,
  RequireRole,
  type Role,
  TenantsService,
} from '#libs/access';
import { ConfigModule } from '#libs/config';
import { DatabaseModule } from '#libs/database';
import { AppError, DEFAULT_TENANT_ID, newId, toTypeId } from '#libs/kernel';
import { testConfig } from '../../support/test-config.js';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { OPERATOR } from './access-fixture.js';

@Catch(AppError)
class CodeFilter implements ExceptionFilter {
  catch(error: AppError, host: ArgumentsHost): void {
    host.switchToHttp().getResponse<{ send(body: unknown): void }>().send({ code: error.code });
  }
}

@UseFilters(CodeFilter)
@Controller()
class ProbeController {
  @Public()
  @Get('open')
  open(): object {
    return { code: 'open' };
  }

  @Get('seen')
  seen(@CurrentTenant() tenantId: string, @CurrentPrincipal() principal: Principal): object {
    return { tenantId, role: principal.role };
  }

  @RequireRole('manager')
  @Get('managed')
  managed(): object {
    return { code: 'managed' };
  }
}

let database: TestDatabase;
let app: NestFastifyApplication;
let acme: string;
const keyOf = new Map<string, string>();

beforeAll(async () => {
  database = await createTestDatabase();
  const config = testConfig({ DATABASE_URL: database.url });
  const module = await Test.createTestingModule({
    imports: [ConfigModule.forRoot(config), DatabaseModule.forRoot(), AccessModule],
    controllers: [ProbeController],
    providers: [{ provide: APP_GUARD, useExisting: ApiKeyGuard }],
  }).compile();
  app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
  await app.init();
  acme = (await app.get(TenantsService).create({ name: 'acme' })).id;
  const keys = app.get(ApiKeysService);
  const wanted: [string, Role, string | null][] = [
    ['operator', 'admin', null],
    ['viewer', 'viewer', DEFAULT_TENANT_ID],
    ['manager', 'manager', DEFAULT_TENANT_ID],
  ];
  for (const [name, role, tenantId] of wanted) {
    keyOf.set(name, (await keys.create(OPERATOR, { name, role, tenantId })).key);
  }
});

afterAll(async () => {
  await app.close();
  await database.drop();
});

async function get(path: string, headers: Record<string, string> = {}): Promise<unknown> {
  return (await app.inject({ method: 'GET', url: path, headers })).json();
}

const as = (name: string, tenant?: string): Record<string, string> => ({
  authorization: `Bearer ${keyOf.get(name)}`,
  ...(tenant === undefined ? {} : { 'bellhop-tenant': tenant }),
});

test('a route is closed unless it is public', async () => {
  expect(await get('/open')).toEqual({ code: 'open' });
  expect(await get('/seen')).toEqual({ code: 'unauthorized' });
  expect(await get('/seen', { authorization: 'Bearer bhk_wrong' })).toEqual({ code: 'unauthorized' });
  expect(await get('/seen', { authorization: `Basic ${keyOf.get('viewer')}` })).toEqual({
    code: 'unauthorized',
  });
});

test('a role must be high enough', async () => {
  expect(await get('/managed', as('viewer'))).toEqual({ code: 'forbidden' });
  expect(await get('/managed', as('manager'))).toEqual({ code: 'managed' });
  expect(await get('/managed', as('operator'))).toEqual({ code: 'managed' });
});

test('a key acts for its tenant, the operator for the default one or the one it names', async () => {
  expect(await get('/seen', as('viewer'))).toEqual({ tenantId: DEFAULT_TENANT_ID, role: 'viewer' });
  expect(await get('/seen', as('operator'))).toEqual({ tenantId: DEFAULT_TENANT_ID, role: 'admin' });
  expect(await get('/seen', as('operator', toTypeId('ten', acme)))).toEqual({
    tenantId: acme,
    role: 'admin',
  });
});

test('another tenant looks to a key like one that does not exist', async () => {
  const answers = await Promise.all([
    get('/seen', as('viewer', toTypeId('ten', acme))),
    get('/seen', as('viewer', toTypeId('ten', newId()))),
    get('/seen', as('operator', toTypeId('ten', newId()))),
    get('/seen', as('operator', 'ten_nonsense')),
    get('/seen', as('operator', acme)),
  ]);
  expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(
    new Set(['{"code":"tenant_not_found"}']),
  );
  expect(await get('/seen', as('viewer', toTypeId('ten', DEFAULT_TENANT_ID)))).toMatchObject({
    role: 'viewer',
  });
});
