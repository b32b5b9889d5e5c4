import type { QueryRunner } from 'typeorm';
import { ForwardMigration } from './forward-migration.js';

/** The hub: a topic may leave events out, and a subscriber may be asked whether it leaves, or be told no. */
export class Hub1763000000014 extends ForwardMigration {
  override async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
ALTER TABLE topic ADD COLUMN filter jsonb;
ALTER TABLE challenge DROP CONSTRAINT challenge_purpose_check,
  ADD CONSTRAINT challenge_purpose_check
    CHECK (purpose IN ('consent', 'reverification', 'probe', 'unsubscribe', 'denial'));`);
  }
}
