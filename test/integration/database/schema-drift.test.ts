import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { DataSource } from 'typeorm';
import { expect, test } from 'vitest';
import { ConfigModule } from '#libs/config';
import { DatabaseModule } from '#libs/database';
import { testConfig } from '../../support/test-config.js';
import { createTestDatabase } from '../../support/test-database.js';
// Loading a root module registers the entities of every feature below it; none of them is started here.
import '../../../apps/api/src/api.module.js';
import '../../../apps/dispatcher/src/dispatcher.module.js';
import '../../../apps/guestbook/src/guestbook.module.js';
import '../../../apps/inbox/src/inbox.module.js';

/** An entity knows no other lib's table, so a foreign key to one is the migrations' alone. */
const BETWEEN_LIBS = ['event_type', 'subscription', 'topic', 'shared_secret'].map(
  (table) => `ALTER TABLE "${table}" DROP CONSTRAINT "${table}_tenant_fk"`,
);

@Module({})
class EntitiesOnly {}

test('the entities describe exactly the schema that the migrations make', async () => {
  const database = await createTestDatabase();
  const imports = [
    ConfigModule.forRoot(testConfig({ DATABASE_URL: database.url })),
    DatabaseModule.forRoot(),
  ];
  const app = await NestFactory.createApplicationContext(
    { module: EntitiesOnly, imports },
    { logger: false },
  );
  try {
    const source = app.get(DataSource);
    const { upQueries } = await source.driver.createSchemaBuilder().log();
    const differences = upQueries.map(({ query }) => query);
    expect(differences.filter((query) => !BETWEEN_LIBS.includes(query))).toEqual([]);
    const tables = source.entityMetadatas.map(({ tablePath }) => tablePath);
    expect(tables).toEqual(
      expect.arrayContaining(['api_key', 'subscription', 'guestbook.entry', 'inbox.message']),
    );
  } finally {
    await app.close();
    await database.drop();
  }
});
