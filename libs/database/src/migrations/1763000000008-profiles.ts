import type { QueryRunner } from 'typeorm';
import { ForwardMigration } from './forward-migration.js';

/** What a subscription says of its profile's parts, and the public half of secrets that have one. */
export class Profiles1763000000008 extends ForwardMigration {
  override async up(runner: QueryRunner): Promise<void> {
    await runner.query(PARTS);
    await runner.query(MOMENTS);
  }
}

const PARTS = `
ALTER TABLE subscription
  ADD COLUMN signers text[] NOT NULL DEFAULT '{}',
  ADD COLUMN envelope text,
  ADD COLUMN framing text,
  ADD CONSTRAINT subscription_framing_check CHECK (framing IN ('content-length', 'chunked'));
ALTER TABLE subscription_secret ADD COLUMN public_key text;
`;

/**
 * Some receivers tell requests apart by the millisecond in them: here no two events of a subscription share one, and
 * each keeps its own.
 */
const MOMENTS = `
CREATE TABLE event_moment (
  subscription_id uuid NOT NULL,
  event_id uuid NOT NULL,
  moment timestamptz NOT NULL,
  CONSTRAINT event_moment_pk PRIMARY KEY (subscription_id, event_id),
  CONSTRAINT event_moment_own UNIQUE (subscription_id, moment)
);
`;
