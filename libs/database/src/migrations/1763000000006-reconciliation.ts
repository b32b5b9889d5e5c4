import type { QueryRunner } from 'typeorm';
import { ForwardMigration } from './forward-migration.js';

/** What proves that nothing accepted is lost: what each event was planned for, and what was last found of it. */
export class Reconciliation1763000000006 extends ForwardMigration {
  override async up(runner: QueryRunner): Promise<void> {
    await runner.query(PLAN);
    await runner.query(TABLES);
  }
}

/**
 * An event names the subscriptions that it was accepted for, in the row that the publisher's answer stands for: a
 * delivery row that is gone is found by it, and can be made again. Events arrive in the order of their time, so an
 * index of ranges finds those of a minute, and costs an insert next to nothing; a B-tree would be written for each.
 */
const PLAN = `
ALTER TABLE event ADD COLUMN subscription_ids uuid[];
CREATE INDEX event_accepted_idx ON event USING brin (accepted_at) WITH (pages_per_range = 32, autosummarize = on);
`;

/**
 * A window is a stretch of acceptance time that is looked at as a whole: its tally is always the result of one look.
 * Totals are the sum of the tallies, and the states that deliveries are in now.
 */
const TABLES = `
CREATE TABLE reconciliation (
  is_only boolean NOT NULL DEFAULT true CONSTRAINT reconciliation_pk PRIMARY KEY CONSTRAINT reconciliation_is_only_check CHECK (is_only),
  checked_until timestamptz NOT NULL,
  ran_at timestamptz,
  duration_ms integer NOT NULL DEFAULT 0,
  rows_checked bigint NOT NULL DEFAULT 0
);
INSERT INTO reconciliation (checked_until)
SELECT date_trunc('milliseconds', coalesce(min(accepted_at), now())) FROM event;

CREATE TABLE reconciliation_window (
  started_at timestamptz CONSTRAINT reconciliation_window_pk PRIMARY KEY,
  ended_at timestamptz NOT NULL,
  checked_at timestamptz NOT NULL,
  accepted integer NOT NULL,
  differences jsonb NOT NULL DEFAULT '{}'
);

CREATE TABLE reconciliation_tally (
  started_at timestamptz NOT NULL,
  subscription_id uuid NOT NULL,
  tenant_id uuid NOT NULL,
  accepted integer NOT NULL,
  found integer NOT NULL,
  CONSTRAINT reconciliation_tally_pk PRIMARY KEY (started_at, tenant_id, subscription_id)
);

CREATE TABLE reconciliation_total (
  tenant_id uuid NOT NULL,
  subscription_id uuid NOT NULL,
  accepted bigint NOT NULL,
  found bigint NOT NULL,
  pending bigint NOT NULL DEFAULT 0,
  exhausted bigint NOT NULL DEFAULT 0,
  discarded bigint NOT NULL DEFAULT 0,
  CONSTRAINT reconciliation_total_pk PRIMARY KEY (tenant_id, subscription_id)
);

CREATE TABLE reconciliation_difference (
  kind text NOT NULL,
  event_id uuid NOT NULL,
  subscription_id uuid NOT NULL,
  tenant_id uuid NOT NULL,
  delivery_id uuid,
  window_started_at timestamptz,
  found_at timestamptz NOT NULL DEFAULT now(),
  repaired_at timestamptz,
  CONSTRAINT reconciliation_difference_pk PRIMARY KEY (kind, event_id, subscription_id)
);
CREATE INDEX reconciliation_difference_window_idx ON reconciliation_difference (window_started_at) WHERE repaired_at IS NULL;
`;
