import type { DynamicModule } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { ConfigModule } from '#libs/config';
import { Database, DatabaseModule } from '#libs/database';
import { DEFAULT_TENANT_ID, newId } from '#libs/kernel';
import { OUTBOUND_OPTIONS, OutboundHttpModule } from '#libs/outbound-http';
import {
  type Caller,
  EventTypesService,
  SubscriptionDirectory,
  SubscriptionsModule,
  SubscriptionsService,
} from '#libs/subscriptions';
import { createTestDatabase } from '../../support/test-database.js';
import { type DnsServer, startDnsServer } from '../outbound-http/support/dns-server.js';
import { testConfig } from '../../support/test-config.js';

export const OPERATOR: Caller = { tenantId: DEFAULT_TENANT_ID, keyId: null, isOperator: true };
/** Somebody whose key belongs to the tenant. */
export const MEMBER: Caller = { ...OPERATOR, isOperator: false };

export interface SubscriptionsNode {
  readonly app: TestingModule;
  readonly subscriptions: SubscriptionsService;
  readonly eventTypes: EventTypesService;
  readonly directory: SubscriptionDirectory;
  readonly database: Database;
}

export interface Platform {
  readonly url: string;
  readonly node: SubscriptionsNode;
  /** One more process on the same database. */
  join(env?: Readonly<Record<string, string>>): Promise<SubscriptionsNode>;
  /** A caller of a tenant made for the purpose. */
  newTenant(): Promise<Caller>;
  stop(): Promise<void>;
}

export async function startPlatform(env: Readonly<Record<string, string>> = {}): Promise<Platform> {
  const database = await createTestDatabase();
  const names = await startNames();
  const nodes: SubscriptionsNode[] = [];
  const join = async (changes: Readonly<Record<string, string>> = env): Promise<SubscriptionsNode> => {
    const node = await startNode({ DATABASE_URL: database.url, ...changes }, names.address);
    nodes.push(node);
    return node;
  };
  const node = await join();
  const newTenant = async (): Promise<Caller> => {
    const tenantId = newId();
    await node.database.query('INSERT INTO tenant (id, name) VALUES ($1, $2)', [tenantId, tenantId]);
    return { tenantId, keyId: newId(), isOperator: false };
  };
  const stop = async (): Promise<void> => {
    await Promise.all(nodes.map(({ app }) => app.close()));
    await names.close();
    await database.drop();
  };
  return { url: database.url, node, join, newTenant, stop };
}

/** Name servers for tests: `private.example.com` leads into a private network, everything else does not exist. */
function startNames(): Promise<DnsServer> {
  return startDnsServer((name) =>
    name === 'private.example.com' ? { addresses: ['10.0.0.1'] } : 'nxdomain',
  );
}

function nameServers(address: string): DynamicModule {
  class NamesModule {}
  const options = { nameServers: { servers: [address] } };
  const provider = { provide: OUTBOUND_OPTIONS, useValue: options };
  return { module: NamesModule, global: true, providers: [provider], exports: [provider] };
}

async function startNode(env: Readonly<Record<string, string>>, names: string): Promise<SubscriptionsNode> {
  const imports = [
    ConfigModule.forRoot(testConfig(env)),
    DatabaseModule.forRoot(),
    OutboundHttpModule,
    nameServers(names),
    SubscriptionsModule,
  ];
  const app = await Test.createTestingModule({ imports }).compile();
  app.useLogger(false);
  await app.init();
  return {
    app,
    subscriptions: app.get(SubscriptionsService),
    eventTypes: app.get(EventTypesService),
    directory: app.get(SubscriptionDirectory),
    database: app.get(Database),
  };
}
