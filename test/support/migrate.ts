import { DataSource } from 'typeorm';
import { Platform1763000000000 } from '../../libs/database/src/migrations/1763000000000-platform.js';
import { Engine1763000000001 } from '../../libs/database/src/migrations/1763000000001-engine.js';
import { Guestbook1763000000002 } from '../../libs/database/src/migrations/1763000000002-guestbook.js';
import { Inbox1763000000003 } from '../../libs/database/src/migrations/1763000000003-inbox.js';

export async function migrateTestDatabase(url: string): Promise<void> {
  const migrations = [Platform1763000000000, Engine1763000000001, Guestbook1763000000002, Inbox1763000000003];
  const source = await new DataSource({ type: 'postgres', url, migrations }).initialize();
  await source.runMigrations();
  await source.destroy();
}
