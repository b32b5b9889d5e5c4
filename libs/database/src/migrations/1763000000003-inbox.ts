import type { QueryRunner } from 'typeorm';
import { ForwardMigration } from './forward-migration.js';

/** The demo subscriber's own schema: what it received, and how it is told to behave. */
export class Inbox1763000000003 extends ForwardMigration {
  override async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
CREATE SCHEMA inbox;
CREATE TABLE inbox.message (
  id text CONSTRAINT message_pk PRIMARY KEY,
  type text NOT NULL,
  payload bytea NOT NULL,
  status text NOT NULL DEFAULT 'new' CONSTRAINT message_status_check CHECK (status IN ('new', 'processed', 'failed')),
  failure text,
  received_count integer NOT NULL DEFAULT 1,
  received_at timestamptz NOT NULL DEFAULT now(),
  processed_at timestamptz
);
CREATE INDEX message_received_idx ON inbox.message (received_at, id);
CREATE INDEX message_new_idx ON inbox.message (received_at) WHERE status = 'new';
CREATE TABLE inbox.connection (
  is_only boolean NOT NULL DEFAULT true CONSTRAINT connection_pk PRIMARY KEY CONSTRAINT connection_is_only_check CHECK (is_only),
  subscription_id text,
  secret text,
  connecting_since timestamptz,
  behaviour jsonb,
  refused_count integer NOT NULL DEFAULT 0,
  last_refusal text
);
INSERT INTO inbox.connection DEFAULT VALUES;
`);
  }
}
