import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Migrations only go forward: undoing one would drop what people stored since. */
export abstract class ForwardMigration implements MigrationInterface {
  abstract up(runner: QueryRunner): Promise<void>;

  async down(): Promise<void> {
    throw new Error('Migrations only go forward; restore a backup instead.');
  }
}
