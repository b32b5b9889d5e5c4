import type { QueryRunner } from 'typeorm';
import { ForwardMigration } from './forward-migration.js';

/** An attempt without a request of its own names the delivery whose request stood for it. */
export class Carried1763000000012 extends ForwardMigration {
  override async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE delivery_attempt ADD COLUMN carried_by uuid');
  }
}
