import type { QueryRunner } from 'typeorm';
import { ForwardMigration } from './forward-migration.js';

/** A delivery is spoken in the way that its subscription had chosen when it was accepted. */
export class EarlierChoices1763000000015 extends ForwardMigration {
  override async up(runner: QueryRunner): Promise<void> {
    await runner.query(COLUMN);
    await runner.query(FUNCTION);
    await runner.query(TRIGGER);
  }
}

const COLUMN = `
ALTER TABLE subscription ADD COLUMN earlier_choices jsonb NOT NULL DEFAULT '[]'
  CONSTRAINT subscription_earlier_choices_check CHECK (jsonb_array_length(earlier_choices) <= 10)`;

/**
 * Each choice counts for the deliveries up to an id. When it runs, lock_directory has waited for the intake that used
 * the choice before, so that the newest delivery is the last of that choice, whatever any clock says. A choice that no
 * delivery is left of is dropped, and if there are too many, so are those of which no delivery waits any more.
 */
const FUNCTION = `
CREATE FUNCTION keep_earlier_choices() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  newest uuid := (SELECT id FROM delivery WHERE subscription_id = NEW.id ORDER BY id DESC LIMIT 1);
  used jsonb;
  awaited jsonb;
BEGIN
  SELECT coalesce(jsonb_agg(r.choice ORDER BY r.place) FILTER (WHERE r.is_used), '[]'),
    coalesce(jsonb_agg(r.choice ORDER BY r.place) FILTER (WHERE r.is_awaited), '[]')
  INTO used, awaited
  FROM (
    SELECT c.choice, c.place,
      EXISTS (SELECT FROM delivery d
        WHERE d.subscription_id = NEW.id AND d.id > c.after AND d.id <= c.up_to) AS is_used,
      EXISTS (SELECT FROM delivery d
        WHERE d.subscription_id = NEW.id AND d.id > c.after AND d.id <= c.up_to
          AND d.next_attempt_at IS NOT NULL) AS is_awaited
    FROM (
      SELECT e.choice, e.place, (e.choice->>'upTo')::uuid AS up_to,
        lag((e.choice->>'upTo')::uuid, 1, '00000000-0000-0000-0000-000000000000'::uuid) OVER (ORDER BY e.place) AS after
      FROM jsonb_array_elements(OLD.earlier_choices || jsonb_build_array(jsonb_build_object(
        'upTo', newest, 'profile', OLD.profile, 'profileConfig', OLD.profile_config,
        'signers', OLD.signers, 'envelope', OLD.envelope, 'framing', OLD.framing
      ))) WITH ORDINALITY AS e(choice, place)
    ) c
  ) r;
  NEW.earlier_choices := CASE WHEN jsonb_array_length(used) <= 10 THEN used ELSE awaited END;
  RETURN NEW;
END $$`;

/** Who asks at the hub again gets a new secret at once, and the body there is always the event's data. */
const TRIGGER = `
CREATE TRIGGER subscription_keep_earlier_choices BEFORE UPDATE ON subscription
  FOR EACH ROW WHEN (
    NEW.topic_id IS NULL AND
    (OLD.profile, OLD.profile_config, OLD.signers, OLD.envelope, OLD.framing)
    IS DISTINCT FROM (NEW.profile, NEW.profile_config, NEW.signers, NEW.envelope, NEW.framing)
  ) EXECUTE FUNCTION keep_earlier_choices()`;
