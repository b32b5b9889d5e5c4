import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { AppError, encodeCursor, fromTypeId, ID_PREFIX, type Page, toTypeId } from '#libs/kernel';
import { DeliveryLog } from './delivery-log.js';
import type { DeliveryView } from './delivery-view.js';
import { searchPage } from './page-search.js';

/** An event as the API shows it. */
export interface EventView {
  readonly id: string;
  readonly tenantId: string;
  readonly type: string;
  readonly subject: string | null;
  readonly timestamp: string;
  readonly acceptedAt: string;
  readonly data: unknown;
}

export interface EventDetail extends EventView {
  /** The first 100; the rest is in the delivery log, filtered by this event. */
  readonly deliveries: readonly DeliveryView[];
}

export interface EventFilter {
  readonly tenantId: string;
  readonly type?: string | undefined;
  /** Only types that one of these names: a type, `area.*` or `*`. */
  readonly patterns?: readonly string[] | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface EventRecord {
  readonly id: string;
  readonly tenant_id: string;
  readonly type: string;
  readonly subject: string | null;
  readonly occurred_at: Date;
  readonly accepted_at: Date;
  readonly data: Buffer;
}

const EVENTS = `
SELECT id, tenant_id, type, subject, occurred_at, accepted_at, data FROM event
WHERE tenant_id = $1 AND id = ANY ($2::uuid[]) ORDER BY id DESC`;
const SHOWN_DELIVERIES = 100;

/** The events of a tenant as they were accepted. */
@Injectable()
export class EventLog {
  constructor(
    private readonly database: Database,
    private readonly deliveries: DeliveryLog,
  ) {}

  /** Newest first. A page of a rare type may hold less than the limit and still have a cursor. */
  async list({ tenantId, type, patterns, limit, cursor }: EventFilter): Promise<Page<EventView>> {
    const checks = [...checksOfType(type), ...checksOfPatterns(patterns)];
    const { rows, nextId } = await searchPage(
      this.database,
      {
        table: 'event',
        scopeColumn: 'tenant_id',
        scopes: [tenantId],
        indexed: [],
        checked: checks.map(({ sql }, at) => sql(`$${at + 3}`)),
        values: checks.map(({ value }) => value),
      },
      { limit, cursor },
    );
    const events = await this.records(
      tenantId,
      rows.map(({ id }) => id),
    );
    return { data: events.map(toEventView), nextCursor: nextId === null ? null : encodeCursor(nextId) };
  }

  async get(tenantId: string, id: string): Promise<EventDetail> {
    const event = await this.find(tenantId, id);
    const { data } = await this.deliveries.list({ tenantId, eventId: id, limit: SHOWN_DELIVERIES });
    return { ...event, deliveries: data };
  }

  /** The event alone; throws `event_not_found`. */
  async find(tenantId: string, id: string): Promise<EventView> {
    const uuid = fromTypeId(ID_PREFIX.event, id);
    const [row] = uuid === null ? [] : await this.records(tenantId, [uuid]);
    if (row === undefined)
      throw new AppError('not_found', 'event_not_found', 'There is no event with this id.');
    return toEventView(row);
  }

  private records(tenantId: string, ids: readonly string[]): Promise<EventRecord[]> {
    return this.database.query<EventRecord>(EVENTS, [tenantId, ids]);
  }
}

/** A condition on an event, and what its parameter is. */
interface Check {
  readonly sql: (parameter: string) => string;
  readonly value: unknown;
}

function checksOfType(type: string | undefined): Check[] {
  return type === undefined ? [] : [{ sql: (parameter) => `d.type = ${parameter}`, value: type }];
}

/** `area.*` and `*` are beginnings of types, once their star is gone. */
function checksOfPatterns(patterns: readonly string[] | undefined): Check[] {
  if (patterns === undefined || patterns.includes('*')) return [];
  const sql = (parameter: string): string =>
    `EXISTS (SELECT FROM unnest(${parameter}::text[]) AS p WHERE CASE WHEN p LIKE '%*' THEN starts_with(d.type, rtrim(p, '*')) ELSE d.type = p END)`;
  return [{ sql, value: patterns }];
}

export function toEventView(row: EventRecord): EventView {
  return {
    id: toTypeId(ID_PREFIX.event, row.id),
    tenantId: toTypeId(ID_PREFIX.tenant, row.tenant_id),
    type: row.type,
    subject: row.subject,
    timestamp: row.occurred_at.toISOString(),
    acceptedAt: row.accepted_at.toISOString(),
    data: JSON.parse(row.data.toString()) as unknown,
  };
}
