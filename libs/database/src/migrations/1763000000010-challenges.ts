import type { QueryRunner } from 'typeorm';
import { ForwardMigration } from './forward-migration.js';

/** What is known of a receiver from asking it: its rate, whether it verifies, and when it is to be asked again. */
export class Challenges1763000000010 extends ForwardMigration {
  override async up(runner: QueryRunner): Promise<void> {
    await runner.query(SUBSCRIPTION);
    await runner.query(RATE);
    await runner.query(CHALLENGE);
  }
}

const SUBSCRIPTION = `
ALTER TABLE subscription
  ADD COLUMN registered_url text,
  ADD COLUMN allowed_per_minute integer,
  ADD COLUMN verifies_signatures text CONSTRAINT subscription_verifies_check CHECK (verifies_signatures IN ('yes', 'no', 'unknown')),
  ADD COLUMN probed_at timestamptz,
  ADD COLUMN reverify_every_hours integer CONSTRAINT subscription_reverify_check CHECK (reverify_every_hours BETWEEN 0 AND 8760),
  ADD COLUMN reverify_after timestamptz,
  ADD COLUMN verification_failures integer NOT NULL DEFAULT 0;
`;

/**
 * A receiver may consent to less than one request a second. The column's type cannot change while triggers look at it,
 * so they are made anew, as they were.
 */
const RATE = `
DROP TRIGGER subscription_make_gate ON subscription;
DROP TRIGGER subscription_reset_gate ON subscription;
ALTER TABLE subscription DROP CONSTRAINT subscription_rate_limit_check;
ALTER TABLE subscription ALTER COLUMN rate_limit_per_second TYPE double precision;
ALTER TABLE subscription ADD CONSTRAINT subscription_rate_limit_check
  CHECK (rate_limit_per_second > 0 AND rate_limit_per_second <= 10000);
CREATE TRIGGER subscription_make_gate AFTER INSERT ON subscription
  FOR EACH ROW WHEN (NEW.rate_limit_per_second IS NOT NULL) EXECUTE FUNCTION reset_subscription_gate();
CREATE TRIGGER subscription_reset_gate AFTER UPDATE ON subscription
  FOR EACH ROW WHEN (
    (OLD.url, OLD.status, OLD.verified_at, OLD.rate_limit_per_second, OLD.deleted_at)
    IS DISTINCT FROM (NEW.url, NEW.status, NEW.verified_at, NEW.rate_limit_per_second, NEW.deleted_at)
  ) EXECUTE FUNCTION reset_subscription_gate();
`;

const CHALLENGE = `
ALTER TABLE challenge
  ADD COLUMN purpose text NOT NULL DEFAULT 'consent' CONSTRAINT challenge_purpose_check CHECK (purpose IN ('consent', 'reverification', 'probe')),
  ADD COLUMN transcript jsonb NOT NULL DEFAULT '[]',
  ADD COLUMN callback_hash text,
  ADD COLUMN callback_until timestamptz;
ALTER TABLE challenge DROP CONSTRAINT challenge_outcome_check;
ALTER TABLE challenge ADD CONSTRAINT challenge_outcome_check CHECK (outcome IN ('passed', 'failed', 'refused', 'waiting'));
CREATE UNIQUE INDEX challenge_callback_idx ON challenge (callback_hash) WHERE callback_hash IS NOT NULL;
`;
