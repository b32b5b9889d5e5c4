import type { QueryRunner } from 'typeorm';
import { ForwardMigration } from './forward-migration.js';

/** What the log and its overview read by, so that no page and no number takes longer because there is more. */
export class Log1763000000005 extends ForwardMigration {
  override async up(runner: QueryRunner): Promise<void> {
    await runner.query(INDEXES);
    await runner.query(TALLY);
  }
}

/**
 * A delivery that succeeds at once never enters these: its `reason` and its `next_attempt_at` are null from beginning to
 * end, so its one change stays a HOT update. The same indexes on `status` would be written twice for each delivery.
 */
const INDEXES = `
CREATE INDEX delivery_over_idx ON delivery (tenant_id, id) WHERE reason IS NOT NULL;
CREATE INDEX delivery_subscription_over_idx ON delivery (subscription_id, id) WHERE reason IS NOT NULL;
CREATE INDEX delivery_waiting_idx ON delivery (subscription_id, id) WHERE next_attempt_at IS NOT NULL;
CREATE INDEX delivery_attempt_failed_idx ON delivery_attempt (started_at) WHERE outcome <> 'delivered';
`;

/** Each process adds up its own attempts of a minute, so nobody waits for anybody's row, and nobody counts the log. */
const TALLY = `
CREATE TABLE attempt_tally (
  minute timestamptz NOT NULL,
  process_id uuid NOT NULL,
  attempts integer NOT NULL,
  failed integer NOT NULL,
  CONSTRAINT attempt_tally_pk PRIMARY KEY (minute, process_id)
);
`;
