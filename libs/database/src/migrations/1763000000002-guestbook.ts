import type { QueryRunner } from 'typeorm';
import { ForwardMigration } from './forward-migration.js';

/** The guestbook's own schema: its entries, and the outbox that it writes in the same transaction. */
export class Guestbook1763000000002 extends ForwardMigration {
  override async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
CREATE SCHEMA guestbook;
CREATE TABLE guestbook.entry (
  id uuid CONSTRAINT entry_pk PRIMARY KEY,
  name text NOT NULL,
  message text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE guestbook.outbox_message (
  id uuid CONSTRAINT outbox_message_pk PRIMARY KEY,
  tenant_id uuid NOT NULL,
  type text NOT NULL,
  subject text,
  occurred_at timestamptz NOT NULL,
  data bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  lease_until timestamptz
);
`);
  }
}
