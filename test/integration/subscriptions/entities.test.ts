import { DataSource } from 'typeorm';
import { expect, test } from 'vitest';
import { ApiKey, Tenant } from '#libs/access';
import { ChallengeRecord, EventType, Subscription, SubscriptionSecret, Topic } from '#libs/subscriptions';
import { createTestDatabase } from '../../support/test-database.js';

/** The tenant's table is another library's: its entity cannot be named here. */
const TENANT_KEYS = /DROP CONSTRAINT "(subscription|event_type|topic)_tenant_fk"/;

test('the entities are the tables that the migrations make', async () => {
  const database = await createTestDatabase();
  const entities = [Tenant, ApiKey, Subscription, SubscriptionSecret, EventType, ChallengeRecord, Topic];
  const source = await new DataSource({ type: 'postgres', url: database.url, entities }).initialize();
  const { upQueries } = await source.driver.createSchemaBuilder().log();
  await source.destroy();
  await database.drop();
  expect(upQueries.map(({ query }) => query).filter((query) => !TENANT_KEYS.test(query))).toEqual([]);
});
