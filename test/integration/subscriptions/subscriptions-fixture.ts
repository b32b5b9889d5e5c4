import { Test, type TestingModule } from '@nestjs/testing';
import { ConfigModule } from '#libs/config';
import { Database, DatabaseModule } from '#libs/database';
import { DEFAULT_TENANT_ID, newId } from '#libs/kernel';
import { OutboundHttpModule } from '#libs/outbound-http';
import {
  type Caller,
  EventTypesService,
  SubscriptionDirectory,
  SubscriptionObservers,
  SubscriptionsModule,
  SubscriptionsService,
} from '#libs/subscriptions';
import { createTestDatabase } from '../../support/test-database.js';
import { testConfig } from '../../support/test-config.js';

export const OPERATOR: Caller = { tenantId: DEFAULT_TENANT_ID, keyId: null, isOperator: true };
/** Somebody whose key belongs to the tenant. */
export const MEMBER: Caller = { ...OPERATOR, isOperator: false };

export interface SubscriptionsNode {
  readonly app: TestingModule;
  readonly subscriptions: SubscriptionsService;
  readonly eventTypes: EventTypesService;
  readonly directory: SubscriptionDirectory;
  readonly observers: SubscriptionObservers;
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
  const nodes: SubscriptionsNode[] = [];
  const join = async (changes: Readonly<Record<string, string>> = env): Promise<SubscriptionsNode> => {
    const node = await startNode({ DATABASE_URL: database.url, ...changes });
    nodes.push(node);
    return node;
  };
  const node = await join();
  const newTenant = async (): Promise<Caller> => {
    const tenantId = newId();
    await node.database.query('INSERT INTO tenant (id, name) VALUES ($1, $1::text)', [tenantId]);
    return { tenantId, keyId: newId(), isOperator: false };
  };
  const stop = async (): Promise<void> => {
    await Promise.all(nodes.map(({ app }) => app.close()));
    await database.drop();
  };
  return { url: database.url, node, join, newTenant, stop };
}

async function startNode(env: Readonly<Record<string, string>>): Promise<SubscriptionsNode> {
  const imports = [
    ConfigModule.forRoot(testConfig(env)),
    DatabaseModule.forRoot(),
    OutboundHttpModule,
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
    observers: app.get(SubscriptionObservers),
    database: app.get(Database),
  };
}
