import type { QueryRunner } from 'typeorm';
import { ForwardMigration } from './forward-migration.js';

/** What subscribers of other systems need here: a feed in the order of commits, topics, leases, shared secrets. */
export class Facades1763000000009 extends ForwardMigration {
  override async up(runner: QueryRunner): Promise<void> {
    await runner.query(FEED);
    await runner.query(TOPICS);
    await runner.query(SHARED_SECRETS);
  }
}

/**
 * The feed reads events by the transaction that wrote them: its number is compared with those that were still running
 * when the reader looked last, so an event that is committed late is found late, and never missed.
 */
const FEED = `
CREATE FUNCTION current_transaction() RETURNS bigint LANGUAGE sql STABLE AS 'SELECT pg_current_xact_id()::text::bigint';
ALTER TABLE event ADD COLUMN accepted_in bigint NOT NULL DEFAULT current_transaction();
CREATE INDEX event_feed_idx ON event (tenant_id, accepted_in, id);
`;

/** A topic makes some event types public: whoever has its token may read and subscribe to them. */
const TOPICS = `
CREATE TABLE topic (
  id uuid CONSTRAINT topic_pk PRIMARY KEY,
  tenant_id uuid NOT NULL CONSTRAINT topic_tenant_fk REFERENCES tenant,
  token text NOT NULL CONSTRAINT topic_token_key UNIQUE,
  event_types text[] NOT NULL,
  description text,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX topic_tenant_idx ON topic (tenant_id, id);

ALTER TABLE subscription ADD COLUMN topic_id uuid, ADD COLUMN lease_until timestamptz;
CREATE INDEX subscription_topic_idx ON subscription (topic_id) WHERE topic_id IS NOT NULL AND deleted_at IS NULL;
CREATE INDEX subscription_lease_idx ON subscription (lease_until) WHERE lease_until IS NOT NULL AND deleted_at IS NULL;
`;

/** For clients that prove to know a secret instead of sending one; whoever does acts as the key that set it. */
const SHARED_SECRETS = `
CREATE TABLE shared_secret (
  tenant_id uuid CONSTRAINT shared_secret_pk PRIMARY KEY CONSTRAINT shared_secret_tenant_fk REFERENCES tenant,
  api_key_id uuid NOT NULL,
  ciphertext bytea NOT NULL,
  key_id text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
`;
