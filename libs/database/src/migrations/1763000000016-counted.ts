import type { QueryRunner } from 'typeorm';
import { ForwardMigration } from './forward-migration.js';

/** What reconciliation counted at once is kept together: a count that fails leaves the numbers of the one before. */
export class Counted1763000000016 extends ForwardMigration {
  override async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
ALTER TABLE reconciliation ADD COLUMN counted_until timestamptz;
UPDATE reconciliation SET counted_until = checked_until;
ALTER TABLE reconciliation ALTER COLUMN counted_until SET NOT NULL;
ALTER TABLE reconciliation_total
  ADD COLUMN counted_accepted bigint NOT NULL DEFAULT 0, ADD COLUMN counted_found bigint NOT NULL DEFAULT 0;
UPDATE reconciliation_total SET counted_accepted = accepted, counted_found = found;`);
  }
}
