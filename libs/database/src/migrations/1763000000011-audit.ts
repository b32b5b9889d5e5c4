import type { QueryRunner } from 'typeorm';
import { ForwardMigration } from './forward-migration.js';

/** Who changed what. Ids grow with time, so the newest entries of a tenant are at one end of its index. */
export class Audit1763000000011 extends ForwardMigration {
  override async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
CREATE TABLE audit_log (
  id uuid CONSTRAINT audit_log_pk PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT now(),
  actor_key_id uuid,
  tenant_id uuid,
  operation text NOT NULL,
  path text NOT NULL,
  object_id text,
  fields text[] NOT NULL DEFAULT '{}',
  request_id text,
  outcome text,
  reason text
);
CREATE INDEX audit_log_tenant_idx ON audit_log (tenant_id, id);`);
  }
}
