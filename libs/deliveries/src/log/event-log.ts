import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { AppError, decodeCursor, fromTypeId, ID_PREFIX, type Page, pageOf, toTypeId } from '#libs/kernel';
import { DeliveryLog } from './delivery-log.js';
import type { DeliveryView } from './delivery-view.js';

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
  readonly limit: number;
  readonly cursor?: string | undefined;
}

interface EventRecord {
  readonly id: string;
  readonly tenant_id: string;
  readonly type: string;
  readonly subject: string | null;
  readonly occurred_at: Date;
  readonly accepted_at: Date;
  readonly data: Buffer;
}

const COLUMNS = 'id, tenant_id, type, subject, occurred_at, accepted_at, data';
const SHOWN_DELIVERIES = 100;

/** The events of a tenant as they were accepted. */
@Injectable()
export class EventLog {
  constructor(
    private readonly database: Database,
    private readonly deliveries: DeliveryLog,
  ) {}

  /** Newest first. */
  async list({ tenantId, type, limit, cursor }: EventFilter): Promise<Page<EventView>> {
    const before = cursor === undefined ? null : decodeCursor(cursor);
    const rows = await this.database.query<EventRecord>(
      `SELECT ${COLUMNS} FROM event
       WHERE tenant_id = $1 AND ($2::text IS NULL OR type = $2) AND ($3::uuid IS NULL OR id < $3)
       ORDER BY id DESC LIMIT $4`,
      [tenantId, type ?? null, before, limit + 1],
    );
    const page = pageOf(rows, limit);
    return { data: page.data.map(toView), nextCursor: page.nextCursor };
  }

  async get(tenantId: string, id: string): Promise<EventDetail> {
    const uuid = fromTypeId(ID_PREFIX.event, id);
    const [row] = await this.database.query<EventRecord>(
      `SELECT ${COLUMNS} FROM event WHERE id = $1 AND tenant_id = $2`,
      [uuid, tenantId],
    );
    if (row === undefined)
      throw new AppError('not_found', 'event_not_found', 'There is no event with this id.');
    const { data } = await this.deliveries.list({ tenantId, eventId: id, limit: SHOWN_DELIVERIES });
    return { ...toView(row), deliveries: data };
  }
}

function toView(row: EventRecord): EventView {
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
