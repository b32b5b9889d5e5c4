import type { QueryRunner } from 'typeorm';
import { ForwardMigration } from './forward-migration.js';

/** What holds a subscription's deliveries back: an open circuit, a rate limit. Most subscriptions have no row here. */
export class Gates1763000000004 extends ForwardMigration {
  override async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLE);
    await runner.query(TRIGGERS);
  }
}

/** `open_until` is null while the circuit is closed; `tokens` is null without a rate limit. */
const TABLE = `
CREATE TABLE subscription_gate (
  subscription_id uuid CONSTRAINT subscription_gate_pk PRIMARY KEY,
  opened_at timestamptz,
  open_until timestamptz,
  opened_count integer NOT NULL DEFAULT 0,
  tokens double precision,
  refilled_at timestamptz
);`;

/**
 * Whoever repairs a subscription is not to wait for a circuit that opened before: what is known of its receiver is
 * forgotten in the transaction of the change itself. A limited subscription always has its row, so that a claim can
 * tell "no limit" from "somebody else is claiming it now".
 */
const TRIGGERS = `
CREATE FUNCTION reset_subscription_gate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM subscription_gate WHERE subscription_id = NEW.id;
  IF NEW.rate_limit_per_second IS NOT NULL AND NEW.deleted_at IS NULL THEN
    INSERT INTO subscription_gate (subscription_id, tokens, refilled_at) VALUES (NEW.id, 1, now());
  END IF;
  PERFORM pg_notify('bellhop_gate', '');
  RETURN NULL;
END $$;

CREATE TRIGGER subscription_make_gate AFTER INSERT ON subscription
  FOR EACH ROW WHEN (NEW.rate_limit_per_second IS NOT NULL) EXECUTE FUNCTION reset_subscription_gate();
CREATE TRIGGER subscription_reset_gate AFTER UPDATE ON subscription
  FOR EACH ROW WHEN (
    (OLD.url, OLD.status, OLD.verified_at, OLD.rate_limit_per_second, OLD.deleted_at)
    IS DISTINCT FROM (NEW.url, NEW.status, NEW.verified_at, NEW.rate_limit_per_second, NEW.deleted_at)
  ) EXECUTE FUNCTION reset_subscription_gate();
`;
