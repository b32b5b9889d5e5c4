import { Test, type TestingModule } from '@nestjs/testing';
import { AccessModule, ApiKeysService, type Principal, SettingsKeys, TenantsService } from '#libs/access';
import { ConfigModule } from '#libs/config';
import { Database, DatabaseModule } from '#libs/database';
import { createTestDatabase } from '../../support/test-database.js';
import { testConfig } from '../../support/test-config.js';

export const OPERATOR: Principal = {
  keyId: '01900000-0000-7000-8000-0000000000aa',
  tenantId: null,
  role: 'admin',
};

export interface AccessNode {
  readonly app: TestingModule;
  readonly keys: ApiKeysService;
  readonly settings: SettingsKeys;
  readonly tenants: TenantsService;
  readonly database: Database;
}

/** Several processes on one database, as far as access is concerned. */
export async function startNodes(count: number): Promise<{ nodes: AccessNode[]; stop: () => Promise<void> }> {
  const database = await createTestDatabase();
  const nodes = await Promise.all(Array.from({ length: count }, () => startNode(database.url)));
  const stop = async (): Promise<void> => {
    await Promise.all(nodes.map(({ app }) => app.close()));
    await database.drop();
  };
  return { nodes, stop };
}

async function startNode(url: string): Promise<AccessNode> {
  const config = testConfig({ DATABASE_URL: url });
  const imports = [ConfigModule.forRoot(config), DatabaseModule.forRoot(), AccessModule];
  const app = await Test.createTestingModule({ imports }).compile();
  await app.init();
  return {
    app,
    keys: app.get(ApiKeysService),
    settings: app.get(SettingsKeys),
    tenants: app.get(TenantsService),
    database: app.get(Database),
  };
}
