import { type NewEvent, type ReceivedEvent, storable } from '../received-event.js';
import type { Claim, ClaimWish, EventStore, Kept, Setback } from './event-store.js';

/** One statement on a connection of its own; `pg.Pool` fits. */
export interface Queryable {
  query(statement: string, values?: unknown[]): Promise<{ readonly rows: readonly unknown[] }>;
}

export interface PostgresStoreOptions {
  /** `received_event` unless another name is given, with its schema if that is not on the path. */
  readonly table?: string;
  /** Events that wait or are worked on; more are refused until there is room. */
  readonly maxUnfinished?: number;
}

interface ClaimRow {
  readonly id: string;
  readonly type: string;
  readonly key: string;
  readonly payload: Buffer;
  readonly received_at: Date;
  readonly attempt_count: number;
  readonly claimed_at: Date;
}

const UNIQUE_VIOLATION = '23505';
const TABLE_NAME = /^[a-z_][a-z0-9_]{0,40}(?:\.[a-z_][a-z0-9_]{0,40})?$/;

/**
 * Keeps events in a table of the subscriber's own database: acknowledged is kept, whatever crashes, and any number
 * of processes may share the work. A crashed worker's event is taken over when its lease has run out.
 */
export class PostgresEventStore implements EventStore {
  readonly isDurable = true;
  private readonly table: string;
  private readonly maxUnfinished: number;

  constructor(
    private readonly database: Queryable,
    { table = 'received_event', maxUnfinished = 10_000 }: PostgresStoreOptions = {},
  ) {
    if (!TABLE_NAME.test(table)) throw new TypeError(`Not a name for a table: ${table}`);
    this.table = table;
    this.maxUnfinished = maxUnfinished;
  }

  /** Makes the table and its indexes where they are missing. Any number of processes may call it at once. */
  async createTable(): Promise<void> {
    const index = this.table.replace('.', '_');
    // One text without values is one transaction.
    await this.database.query(
      `SELECT pg_advisory_xact_lock(hashtext('${this.table}'));
       CREATE TABLE IF NOT EXISTS ${this.table} (
         id text PRIMARY KEY, place bigint GENERATED ALWAYS AS IDENTITY,
         type text NOT NULL, key text NOT NULL, payload bytea NOT NULL,
         received_at timestamptz NOT NULL DEFAULT now(), available_at timestamptz NOT NULL DEFAULT now(),
         lease_until timestamptz, attempt_count integer NOT NULL DEFAULT 0,
         finished_at timestamptz, failure text);
       -- Two workers that choose at the same moment may both find a key free; only one of them gets it.
       CREATE UNIQUE INDEX IF NOT EXISTS ${index}_one_worker ON ${this.table} (key) WHERE lease_until IS NOT NULL;
       CREATE INDEX IF NOT EXISTS ${index}_waiting ON ${this.table} (key, place) WHERE finished_at IS NULL;
       CREATE INDEX IF NOT EXISTS ${index}_finished ON ${this.table} (finished_at) WHERE finished_at IS NOT NULL`,
    );
  }

  async keep({ id, type, key, payload }: NewEvent): Promise<Kept> {
    const kept = await this.rows(
      `INSERT INTO ${this.table} (id, type, key, payload)
       SELECT $1, $2, $3, $4
       WHERE (SELECT count(*) FROM (SELECT FROM ${this.table} WHERE finished_at IS NULL LIMIT $5) AS unfinished) < $5
       ON CONFLICT (id) DO NOTHING RETURNING id`,
      [id, type, key, payload, this.maxUnfinished],
    );
    if (kept.length > 0) return 'new';
    const [known] = await this.rows<{ finished_at: Date | null }>(
      `SELECT finished_at FROM ${this.table} WHERE id = $1`,
      [id],
    );
    if (!known) return 'full';
    return known.finished_at === null ? 'unfinished' : 'finished';
  }

  async claim({ leaseMs, id }: ClaimWish): Promise<Claim | null> {
    try {
      const [row] = await this.rows<ClaimRow>(
        `UPDATE ${this.table} SET attempt_count = attempt_count + 1,
           lease_until = clock_timestamp() + $1 * interval '1 millisecond'
         WHERE id = (
           SELECT id FROM ${this.table} AS candidate
           WHERE finished_at IS NULL AND available_at <= clock_timestamp() AND ($2::text IS NULL OR id = $2)
             AND CASE WHEN lease_until IS NOT NULL THEN lease_until < clock_timestamp() ELSE NOT EXISTS (
               SELECT 1 FROM ${this.table} AS other
               WHERE other.key = candidate.key AND other.finished_at IS NULL
                 AND (other.place < candidate.place OR other.lease_until IS NOT NULL)
             ) END
           ORDER BY place LIMIT 1 FOR UPDATE SKIP LOCKED
         )
         RETURNING id, type, key, payload, received_at, attempt_count, clock_timestamp() AS claimed_at`,
        [leaseMs, id ?? null],
      );
      if (!row) return null;
      return { event: eventOf(row), attempt: row.attempt_count, claimedAt: row.claimed_at };
    } catch (error) {
      if (isKeyTaken(error)) return null;
      throw error;
    }
  }

  async extend({ event, attempt }: Claim, leaseMs: number): Promise<boolean> {
    const extended = await this.rows(
      `UPDATE ${this.table} SET lease_until = clock_timestamp() + $3 * interval '1 millisecond'
       WHERE id = $1 AND attempt_count = $2 AND lease_until IS NOT NULL RETURNING id`,
      [event.id, attempt, leaseMs],
    );
    return extended.length > 0;
  }

  async finish({ event, attempt }: Claim): Promise<void> {
    await this.rows(
      `UPDATE ${this.table} SET finished_at = now(), lease_until = NULL, failure = NULL
       WHERE id = $1 AND attempt_count = $2 AND lease_until IS NOT NULL`,
      [event.id, attempt],
    );
  }

  async setBack({ event, attempt }: Claim, { reason, retryAfterMs }: Setback): Promise<void> {
    await this.rows(
      `UPDATE ${this.table} SET lease_until = NULL, failure = $3,
         finished_at = CASE WHEN $4::float8 IS NULL THEN now() END,
         available_at = clock_timestamp() + coalesce($4::float8, 0) * interval '1 millisecond'
       WHERE id = $1 AND attempt_count = $2 AND lease_until IS NOT NULL`,
      [event.id, attempt, storable(reason).slice(0, 2000), retryAfterMs],
    );
  }

  async drop(id: string): Promise<void> {
    await this.rows(
      `DELETE FROM ${this.table} WHERE id = $1 AND finished_at IS NULL AND lease_until IS NULL`,
      [id],
    );
  }

  async countUnfinished(): Promise<number> {
    const statement = `SELECT count(*)::int AS count FROM ${this.table} WHERE finished_at IS NULL`;
    const [row] = await this.rows<{ count: number }>(statement);
    return row?.count ?? 0;
  }

  /** Forgets events that were finished so long ago; a repetition of one would be taken for new. */
  async forget(finishedForDays: number): Promise<void> {
    await this.rows(`DELETE FROM ${this.table} WHERE finished_at < now() - $1 * interval '1 day'`, [
      finishedForDays,
    ]);
  }

  private async rows<R>(statement: string, values: unknown[] = []): Promise<readonly R[]> {
    return (await this.database.query(statement, values)).rows as readonly R[];
  }
}

function eventOf({ id, type, key, payload, received_at: receivedAt }: ClaimRow): ReceivedEvent {
  return { id, type, key, payload, receivedAt };
}

/** Somebody else was faster with this key; there will be another look when they are done. */
function isKeyTaken(error: unknown): boolean {
  return (error as { readonly code?: unknown } | null)?.code === UNIQUE_VIOLATION;
}
