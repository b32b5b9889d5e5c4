import { Logger } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import type { Database, DatabaseClient } from '#libs/database';

/** Partitions are made a week ahead: an instance that sleeps over the weekend still writes into the right one. */
const DAYS_AHEAD = 7;
/**
 * Making and dropping a partition locks the whole log for some milliseconds, and every attempt that ends meanwhile
 * waits behind whoever waits for that lock. So we wait this long and no longer, and come again.
 */
const LOCK_WAIT_MS = 50;
const LOCK_TRIES = 20;
const PAUSE_MS = 250;
const LOCK_NOT_AVAILABLE = '55P03';
/** Rows of that day are in the default partition already, and stay there until their retention is over. */
const CHECK_VIOLATION = '23514';
/** Another process has dropped it since we looked. */
const UNDEFINED_TABLE = '42P01';
const DELETE_BATCH = 10_000;

/** One process at a time does the housekeeping; the lock is free again when its transaction ends. */
const TAKE_TURN = 'SELECT pg_try_advisory_xact_lock(4207849485) AS is_mine';

const MISSING_DAYS = `
SELECT to_char(day, 'YYYY-MM-DD') AS day
FROM generate_series((now() AT TIME ZONE 'UTC')::date, (now() AT TIME ZONE 'UTC')::date + $1::int, interval '1 day') AS day
WHERE to_regclass('delivery_attempt_' || to_char(day, 'YYYYMMDD')) IS NULL`;

const OLD_PARTITIONS = `
SELECT c.oid::regclass::text AS name
FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
WHERE i.inhparent = 'delivery_attempt'::regclass AND c.relname ~ '^delivery_attempt_[0-9]{8}$'
  AND to_date(right(c.relname, 8), 'YYYYMMDD') < (now() AT TIME ZONE 'UTC')::date - $1::int
ORDER BY c.relname`;

const OLD_STRAYS = `
DELETE FROM delivery_attempt_default WHERE ctid = ANY (ARRAY(
  SELECT ctid FROM delivery_attempt_default
  WHERE started_at < ((now() AT TIME ZONE 'UTC')::date - $1::int) AT TIME ZONE 'UTC' LIMIT ${DELETE_BATCH}))
RETURNING 1`;

/** Does its work if no other process has the turn, and says whether it did; all housekeeping takes it. */
export function inTurn(
  database: Database,
  work: (client: DatabaseClient) => Promise<unknown>,
): Promise<boolean> {
  return database.transaction(async (client) => {
    const [turn] = await client.query<{ is_mine: boolean }>(TAKE_TURN);
    if (turn?.is_mine !== true) return false;
    await work(client);
    return true;
  });
}

/** The days of the attempt log: each is a partition, made ahead, and dropped whole when its retention is over. */
export class AttemptPartitions {
  private readonly logger = new Logger(AttemptPartitions.name);
  /** Days that somebody held until we gave up; said once. */
  private readonly held = new Set<string>();

  constructor(
    private readonly database: Database,
    private readonly stopping: AbortSignal,
  ) {}

  async makeAhead(): Promise<void> {
    for (const { day } of await this.database.query<{ day: string }>(MISSING_DAYS, [DAYS_AHEAD])) {
      for (let tries = 1; !(await this.make(day)) && tries < LOCK_TRIES; tries += 1) await this.pause();
    }
  }

  /** Whether there is nothing left to do; no while somebody holds the log. */
  private async make(day: string): Promise<boolean> {
    try {
      await this.withShortLock((client) => client.query('SELECT ensure_attempt_partition($1::date)', [day]));
    } catch (error) {
      if (codeOf(error) === LOCK_NOT_AVAILABLE) return false;
      if (codeOf(error) !== CHECK_VIOLATION) throw error;
    }
    return true;
  }

  /**
   * Drops the days that are wholly older; what a wrong clock put outside of every day is deleted row by row. A day that
   * somebody holds, a vacuum or a long query, stays until a later call.
   */
  async dropOlderThan(days: number): Promise<void> {
    const old = await this.database.query<{ name: string }>(OLD_PARTITIONS, [days]);
    let left = old.map(({ name }) => name);
    for (let tries = 1; left.length > 0 && tries <= LOCK_TRIES; tries += 1) {
      if (tries > 1) await this.pause();
      left = await this.dropThoseOf(left, days);
    }
    this.sayHeld(left);
    let deleted = DELETE_BATCH;
    while (deleted === DELETE_BATCH && !this.stopping.aborted) {
      deleted = (await this.database.query(OLD_STRAYS, [days])).length;
    }
  }

  /** Gives those that somebody holds. */
  private async dropThoseOf(names: readonly string[], days: number): Promise<string[]> {
    const held: string[] = [];
    for (const name of names) {
      try {
        if (await this.drop(name)) this.logger.log(`Dropped ${name}: attempts are kept for ${days} days.`);
      } catch (error) {
        if (codeOf(error) !== LOCK_NOT_AVAILABLE) throw error;
        held.push(name);
      }
    }
    return held;
  }

  /** The day's own lock first: a drop locks the whole log too, which nobody is to wait for while a vacuum has the day. */
  private async drop(name: string): Promise<boolean> {
    try {
      return await this.withShortLock(async (client) => {
        await client.query(`LOCK TABLE ONLY ${name} IN ACCESS EXCLUSIVE MODE NOWAIT`);
        await client.query(`DROP TABLE ${name}`);
      });
    } catch (error) {
      if (codeOf(error) === UNDEFINED_TABLE) return false;
      throw error;
    }
  }

  private sayHeld(names: readonly string[]): void {
    for (const name of names) {
      if (!this.held.has(name)) this.logger.log(`${name} is in use; it is dropped when it is not.`);
      this.held.add(name);
    }
  }

  private withShortLock(work: (client: DatabaseClient) => Promise<unknown>): Promise<boolean> {
    return inTurn(this.database, async (client) => {
      await client.query(`SET LOCAL lock_timeout = ${LOCK_WAIT_MS}`);
      await work(client);
    });
  }

  private pause(): Promise<void> {
    return pause(PAUSE_MS, undefined, { signal: this.stopping });
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as { readonly code?: string }).code;
}
