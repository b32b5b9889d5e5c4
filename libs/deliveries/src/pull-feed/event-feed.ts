import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { type EventRecord, type EventView, toEventView } from '../log/event-log.js';
import {
  BEGINNING,
  decodePosition,
  encodePosition,
  type FeedPosition,
  invalidCursor,
} from './feed-cursor.js';
import { FEED_END, FEED_PAGE } from './feed.sql.js';
import { type FeedPlace, positionAt, step } from './feed-step.js';

export interface FeedRequest {
  readonly tenantId: string;
  readonly limit: number;
  /** Left out: from the oldest event that is kept. */
  readonly cursor?: string | undefined;
}

export interface FeedPage {
  /** In the order in which they were committed, as far as that can be told. */
  readonly events: readonly EventView[];
  /** For the next page; always there, as a reader at the end comes back later. */
  readonly cursor: string;
}

interface LookRow extends Omit<EventRecord, 'id' | 'tenant_id'> {
  readonly running: readonly string[];
  readonly next: string;
  /** Null in the one row that stands for an empty page; so are the others. */
  readonly id: string | null;
  readonly accepted_in: string;
  readonly found: number;
}

interface EndRow {
  readonly running: readonly string[];
  readonly accepted_in: string | null;
  readonly id: string;
}

type FeedEvent = FeedPlace & { readonly view: EventView };

/**
 * A tenant's events for those who fetch them: none is left out and none comes twice, however transactions overlap.
 * An event can be read from the moment on in which it is committed, and nothing that runs long holds it back.
 */
@Injectable()
export class EventFeed {
  constructor(private readonly database: Database) {}

  /** Throws `invalid_cursor`. */
  async page({ tenantId, limit, cursor }: FeedRequest): Promise<FeedPage> {
    const from = cursor === undefined ? BEGINNING : decodePosition(cursor);
    const rows = await this.look(tenantId, from, limit + 1);
    const events = rows.filter(({ id }) => id !== null);
    const places = events.slice(0, limit).map((row) => eventOf(tenantId, row));
    const isWhole = places.length === (events[0]?.found ?? 0);
    const { taken, position } = step(from, { places, isWhole, running: runningOf(rows[0]) });
    return { events: taken.map(({ view }) => view), cursor: encodePosition(position) };
  }

  /** The cursor of a reader that wants only what comes from now on. */
  async latest(tenantId: string): Promise<string> {
    const [row] = await this.database.query<EndRow>(FEED_END, [tenantId]);
    if (row === undefined || row.accepted_in === null) return encodePosition(BEGINNING);
    const last = { transaction: BigInt(row.accepted_in), id: row.id };
    return encodePosition(positionAt(last, runningOf(row)));
  }

  private async look(tenantId: string, from: FeedPosition, limit: number): Promise<LookRow[]> {
    const { transaction, id, open } = from;
    const numbers = open.map(({ number }) => String(number));
    const afters = open.map(({ after }) => after);
    const values = [tenantId, String(transaction), id, limit, numbers, afters];
    const rows = await this.database.query<LookRow>(FEED_PAGE, values);
    const [row] = rows;
    // A number that this database has not reached yet was given by another one.
    if (row !== undefined && transaction >= BigInt(row.next)) throw invalidCursor();
    return rows;
  }
}

function runningOf(row: { readonly running: readonly string[] } | undefined): bigint[] {
  return (row?.running ?? []).map(BigInt).toSorted((one, other) => (one < other ? -1 : 1));
}

function eventOf(tenantId: string, row: LookRow): FeedEvent {
  const id = row.id ?? '';
  const view = toEventView({ ...row, id, tenant_id: tenantId });
  return { transaction: BigInt(row.accepted_in), id, view };
}
