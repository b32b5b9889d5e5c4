import { type ChaosCase, everywhere } from '../case.js';
import type { ChaosPlatform } from '../platform/chaos-platform.js';

const TIMEOUT_MS = 1000;
const EVENTS = 40;
/** A statement that loses a race twice is run a third time. */
const LOST_IN_A_ROW = 2;
const TABLES = { event: 'INSERT', delivery: 'UPDATE', 'guestbook.outbox_message': 'UPDATE' };

export const chaosCase: ChaosCase = {
  id: 'F18',
  name: 'lost-races',
  inject:
    'deadlock (40P01) and serialization failure (40001), one after the other, in each statement of the path',
  expect: 'tried again, at most three times, and no publisher sees anything of it',
  modes: everywhere('run'),

  async run(stage) {
    // Given
    const platform = await stage.platform();
    const { type } = await stage.subscribe({ timeoutMs: TIMEOUT_MS });
    const limited = await stage.subscribe({ timeoutMs: TIMEOUT_MS, rateLimitPerSecond: 500 });
    const publisher = stage.publisher();
    try {
      for (let round = 0; round < 3; round += 1) {
        // Inject
        await loseRaces(platform);
        await publisher.publish(type, EVENTS, { atOnce: 4 });
        await publisher.publish(limited.type, EVENTS, { atOnce: 4 });
        await publisher.commit(type, EVENTS);
      }
    } finally {
      await winRaces(platform);
    }

    // Expect
    const { badAnswers } = stage.book;
    if (badAnswers.length > 0) {
      throw new Error(
        `${badAnswers.length} requests were refused, the first: ${JSON.stringify(badAnswers[0])}`,
      );
    }
    return stage.judge({ withinMs: stage.recoveryMs(TIMEOUT_MS) });
  },
};

/** A sequence counts, since it is not rolled back. */
async function loseRaces({ sql }: ChaosPlatform): Promise<void> {
  await winRaces({ sql } as ChaosPlatform);
  await sql.read(`CREATE OR REPLACE FUNCTION chaos_lose() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE place bigint := nextval(TG_ARGV[0]);
    BEGIN
      IF place % 2 = 1 AND place <= ${LOST_IN_A_ROW} THEN RAISE EXCEPTION 'lost' USING ERRCODE = '40P01'; END IF;
      IF place <= ${LOST_IN_A_ROW} THEN RAISE EXCEPTION 'lost' USING ERRCODE = '40001'; END IF;
      RETURN NULL;
    END $$`);
  for (const [index, [table, verb]] of Object.entries(TABLES).entries()) {
    await sql.read(`CREATE SEQUENCE chaos_lost_${index}`);
    await sql.read(`CREATE TRIGGER chaos_lose BEFORE ${verb} ON ${table}
      FOR EACH STATEMENT EXECUTE FUNCTION chaos_lose('chaos_lost_${index}')`);
  }
}

async function winRaces({ sql }: ChaosPlatform): Promise<void> {
  for (const [index, table] of Object.keys(TABLES).entries()) {
    await sql.read(`DROP TRIGGER IF EXISTS chaos_lose ON ${table}`);
    await sql.read(`DROP SEQUENCE IF EXISTS chaos_lost_${index}`);
  }
  await sql.read('DROP FUNCTION IF EXISTS chaos_lose()');
}
