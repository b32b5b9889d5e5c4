import type { QueryRunner } from 'typeorm';
import { ForwardMigration } from './forward-migration.js';

/**
 * Events, deliveries and attempts: the path of an event. No foreign keys here: each would cost a lookup and a row
 * lock per delivery, and rows of these tables are only ever written by statements that join their parents.
 */
export class Engine1763000000001 extends ForwardMigration {
  override async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    await runner.query(ATTEMPTS);
  }
}

/**
 * The usual delivery is written at intake and changed once, by its success. So that this change touches no index (a
 * HOT update), a delivery that is handed to a dispatcher at intake has no `next_attempt_at` and is not in the due
 * index: a row of `delivery_lease` per broker message stands for it until the message is done, or until its lease is
 * over and the deliveries fall due. The free half of each page is where the changed rows go: a batch
 * settles all rows of a page in one transaction, so none of the old versions makes room for the new ones.
 *
 * Payloads too large for a row are compressed with lz4; a server without it keeps them as they are, since its own way
 * of compressing takes 1.4 ms for 64 KiB, four times as long as writing them.
 *
 * `share_directory` waits for a change of the directory that is about to commit, lets several intakes through side by
 * side, and only then reads the version: inside a function each statement sees what is committed by then. The number
 * is the one that the trigger lock_directory takes exclusively.
 */
const TABLES = `
CREATE TABLE event (
  id uuid NOT NULL,
  tenant_id uuid NOT NULL,
  type text NOT NULL,
  subject text,
  occurred_at timestamptz NOT NULL,
  accepted_at timestamptz NOT NULL DEFAULT now(),
  data bytea NOT NULL,
  CONSTRAINT event_pk PRIMARY KEY (tenant_id, id)
);
DO $$ BEGIN
  ALTER TABLE event ALTER COLUMN data SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN
  ALTER TABLE event ALTER COLUMN data SET STORAGE EXTERNAL;
END $$;

CREATE TABLE idempotency_key (
  tenant_id uuid NOT NULL,
  key text NOT NULL,
  request_hash bytea NOT NULL,
  response jsonb,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT idempotency_key_pk PRIMARY KEY (tenant_id, key)
);
CREATE INDEX idempotency_key_created_idx ON idempotency_key (created_at);

CREATE TABLE delivery (
  id uuid NOT NULL,
  tenant_id uuid NOT NULL,
  event_id uuid NOT NULL,
  subscription_id uuid NOT NULL,
  event_type text NOT NULL,
  status text NOT NULL DEFAULT 'pending' CONSTRAINT delivery_status_check CHECK (status IN ('pending', 'delivered', 'exhausted', 'discarded')),
  reason text,
  attempt_count integer NOT NULL DEFAULT 0,
  next_attempt_at timestamptz DEFAULT now(),
  lease_until timestamptz,
  fence integer NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT delivery_pk PRIMARY KEY (tenant_id, id),
  CONSTRAINT delivery_event_subscription_key UNIQUE (event_id, subscription_id)
) WITH (fillfactor = 50);
CREATE INDEX delivery_subscription_idx ON delivery (subscription_id, id);
CREATE INDEX delivery_due_idx ON delivery (subscription_id, next_attempt_at) WHERE next_attempt_at IS NOT NULL;

CREATE TABLE delivery_lease (
  id uuid CONSTRAINT delivery_lease_pk PRIMARY KEY,
  lease_until timestamptz NOT NULL,
  deliveries integer NOT NULL,
  event_ids uuid[] NOT NULL
);

CREATE FUNCTION share_directory() RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(4207849484);
  RETURN (SELECT version FROM directory_version);
END $$;
`;

/** Partitioned by day, so that retention drops a file instead of deleting rows (19 ms against seconds at 1M rows). */
const ATTEMPTS = `
CREATE TABLE delivery_attempt (
  delivery_id uuid NOT NULL,
  fence integer NOT NULL,
  started_at timestamptz NOT NULL,
  number integer NOT NULL,
  tenant_id uuid NOT NULL,
  subscription_id uuid NOT NULL,
  url text NOT NULL,
  duration_ms real NOT NULL,
  resolve_ms real,
  connect_ms real,
  tls_ms real,
  first_byte_ms real,
  outcome text NOT NULL CONSTRAINT delivery_attempt_outcome_check CHECK (outcome IN ('delivered', 'retryable', 'permanent')),
  error_type text,
  error_detail text,
  response_status smallint,
  response_headers json,
  response_body bytea,
  response_truncated boolean NOT NULL DEFAULT false,
  retry_after_ms bigint,
  next_attempt_at timestamptz,
  CONSTRAINT delivery_attempt_pk PRIMARY KEY (delivery_id, fence, started_at)
) PARTITION BY RANGE (started_at);
CREATE TABLE delivery_attempt_default PARTITION OF delivery_attempt DEFAULT;

CREATE FUNCTION ensure_attempt_partition(day date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  name text := 'delivery_attempt_' || to_char(day, 'YYYYMMDD');
BEGIN
  IF to_regclass(name) IS NULL THEN
    EXECUTE format('CREATE TABLE %I PARTITION OF delivery_attempt FOR VALUES FROM (%L) TO (%L)',
      name, day::timestamp AT TIME ZONE 'UTC', (day + 1)::timestamp AT TIME ZONE 'UTC');
  END IF;
END $$;
SELECT ensure_attempt_partition((now() AT TIME ZONE 'UTC')::date + offset_days) FROM generate_series(0, 7) AS offset_days;
`;
