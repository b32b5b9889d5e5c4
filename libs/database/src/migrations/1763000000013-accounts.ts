import type { QueryRunner } from 'typeorm';
import { ForwardMigration } from './forward-migration.js';

/** Clients of Kloudless name an account with each page that they read: whose it is must be found at once. */
export class Accounts1763000000013 extends ForwardMigration {
  override async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
CREATE INDEX subscription_account_idx ON subscription (tenant_id, (profile_config->>'account'))
WHERE profile = 'kloudless' AND deleted_at IS NULL`);
  }
}
