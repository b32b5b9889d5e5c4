import type { QueryRunner } from 'typeorm';
import { ForwardMigration } from './forward-migration.js';

/** Tenants, keys, event types and subscriptions: everything that people set up. */
export class Platform1763000000000 extends ForwardMigration {
  override async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    await runner.query(DIRECTORY);
  }
}

const TABLES = `
CREATE TABLE tenant (
  id uuid CONSTRAINT tenant_pk PRIMARY KEY,
  name text NOT NULL CONSTRAINT tenant_name_key UNIQUE,
  created_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO tenant (id, name) VALUES ('01900000-0000-7000-8000-000000000001', 'default');

CREATE TABLE api_key (
  id uuid CONSTRAINT api_key_pk PRIMARY KEY,
  tenant_id uuid CONSTRAINT api_key_tenant_fk REFERENCES tenant,
  role text NOT NULL CONSTRAINT api_key_role_check CHECK (role IN ('viewer', 'manager', 'admin')),
  name text NOT NULL,
  hash bytea NOT NULL CONSTRAINT api_key_hash_key UNIQUE,
  last_four text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz
);
CREATE INDEX api_key_tenant_idx ON api_key (tenant_id, id);

CREATE TABLE event_type (
  tenant_id uuid NOT NULL CONSTRAINT event_type_tenant_fk REFERENCES tenant,
  name text NOT NULL,
  description text NOT NULL DEFAULT '',
  schema jsonb,
  example jsonb,
  created_at timestamptz NOT NULL DEFAULT now(),
  archived_at timestamptz,
  CONSTRAINT event_type_pk PRIMARY KEY (tenant_id, name)
);

CREATE TABLE subscription (
  id uuid CONSTRAINT subscription_pk PRIMARY KEY,
  tenant_id uuid NOT NULL CONSTRAINT subscription_tenant_fk REFERENCES tenant,
  url text NOT NULL,
  event_types text[] NOT NULL,
  profile text NOT NULL DEFAULT 'standard',
  profile_config jsonb NOT NULL DEFAULT '{}',
  handshake text NOT NULL,
  status text NOT NULL CONSTRAINT subscription_status_check CHECK (status IN ('pending', 'active', 'paused', 'disabled')),
  status_reason text,
  description text,
  headers jsonb NOT NULL DEFAULT '{}',
  retry jsonb,
  timeout_ms integer NOT NULL DEFAULT 15000,
  max_in_flight integer,
  rate_limit_per_second integer CONSTRAINT subscription_rate_limit_check CHECK (rate_limit_per_second BETWEEN 1 AND 10000),
  version integer NOT NULL DEFAULT 1,
  verified_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz
);
CREATE INDEX subscription_tenant_idx ON subscription (tenant_id, id) WHERE deleted_at IS NULL;

CREATE TABLE subscription_secret (
  id uuid CONSTRAINT subscription_secret_pk PRIMARY KEY,
  tenant_id uuid NOT NULL,
  subscription_id uuid NOT NULL CONSTRAINT subscription_secret_subscription_fk REFERENCES subscription,
  ciphertext bytea NOT NULL,
  key_id text NOT NULL,
  last_four text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  valid_until timestamptz
);
CREATE INDEX subscription_secret_subscription_idx ON subscription_secret (subscription_id);

CREATE TABLE challenge (
  id uuid CONSTRAINT challenge_pk PRIMARY KEY,
  tenant_id uuid NOT NULL,
  subscription_id uuid NOT NULL,
  api_key_id uuid,
  url text NOT NULL,
  target_host text NOT NULL,
  handshake text NOT NULL,
  outcome text NOT NULL CONSTRAINT challenge_outcome_check CHECK (outcome IN ('passed', 'failed', 'refused')),
  steps jsonb NOT NULL,
  started_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX challenge_subscription_idx ON challenge (subscription_id, id);
CREATE INDEX challenge_api_key_idx ON challenge (api_key_id, started_at);
CREATE INDEX challenge_target_host_idx ON challenge (target_host, started_at);
`;

/**
 * The directory is what intake matches against. Its version moves with every change of a subscription, a secret or
 * an event type, in the same transaction; the exclusive lock waits for the intake transactions that still use the
 * version before (they hold it shared), so that no event can slip between a change and its first match.
 */
const DIRECTORY = `
CREATE TABLE directory_version (
  is_only boolean NOT NULL DEFAULT true CONSTRAINT directory_version_pk PRIMARY KEY CONSTRAINT directory_version_is_only_check CHECK (is_only),
  version bigint NOT NULL
);
INSERT INTO directory_version (version) VALUES (1);

CREATE FUNCTION lock_directory() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(4207849484);
  RETURN NULL;
END $$;

CREATE FUNCTION bump_directory() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE directory_version SET version = version + 1;
  PERFORM pg_notify('bellhop_directory', '');
  RETURN NULL;
END $$;

CREATE TRIGGER subscription_lock_directory BEFORE INSERT OR UPDATE OR DELETE ON subscription
  FOR EACH STATEMENT EXECUTE FUNCTION lock_directory();
CREATE TRIGGER subscription_bump_directory AFTER INSERT OR UPDATE OR DELETE ON subscription
  FOR EACH STATEMENT EXECUTE FUNCTION bump_directory();
CREATE TRIGGER subscription_secret_lock_directory BEFORE INSERT OR UPDATE OR DELETE ON subscription_secret
  FOR EACH STATEMENT EXECUTE FUNCTION lock_directory();
CREATE TRIGGER subscription_secret_bump_directory AFTER INSERT OR UPDATE OR DELETE ON subscription_secret
  FOR EACH STATEMENT EXECUTE FUNCTION bump_directory();
CREATE TRIGGER event_type_lock_directory BEFORE INSERT OR UPDATE OR DELETE ON event_type
  FOR EACH STATEMENT EXECUTE FUNCTION lock_directory();
CREATE TRIGGER event_type_bump_directory AFTER INSERT OR UPDATE OR DELETE ON event_type
  FOR EACH STATEMENT EXECUTE FUNCTION bump_directory();

INSERT INTO event_type (tenant_id, name, description, example) VALUES
  ('01900000-0000-7000-8000-000000000001', 'guestbook.entry.created', 'Somebody signed the guestbook.',
   '{"id": "ent_01h455vb4pex5vsknk084sn02q", "name": "Ada", "message": "Hello", "createdAt": "2026-11-22T04:00:00.000Z"}'),
  ('01900000-0000-7000-8000-000000000001', 'guestbook.entry.deleted', 'An entry was removed from the guestbook.',
   '{"id": "ent_01h455vb4pex5vsknk084sn02q", "name": "Ada", "message": "Hello", "createdAt": "2026-11-22T04:00:00.000Z"}');
`;
