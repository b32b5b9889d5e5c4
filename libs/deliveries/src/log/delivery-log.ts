import { Injectable } from '@nestjs/common';
import { AppConfig } from '#libs/config';
import { Database } from '#libs/database';
import { AppError, decodeCursor, fromTypeId, ID_PREFIX, type Page, pageOf } from '#libs/kernel';
import { type AttemptRow, type DeliveryRecord, toAttemptView, toDeliveryView } from './delivery-rows.js';
import type { DeliveryDetail, DeliveryFilter, DeliveryView } from './delivery-view.js';
import { missingAttempts } from './missing-attempts.js';

const COLUMNS = `
d.id, d.tenant_id, d.event_id, d.event_type, d.subscription_id, d.status, d.reason, d.attempt_count, d.created_at,
CASE WHEN d.next_attempt_at < 'infinity' THEN d.next_attempt_at END AS next_attempt_at,
coalesce(d.next_attempt_at = 'infinity', false) AS is_held, coalesce(d.lease_until > now(), false) AS is_leased,
s.url, s.status AS subscription_status,
a.started_at AS last_at, a.outcome AS last_outcome, a.response_status AS last_response_status, a.error_type AS last_error_type`;

const SOURCES = `
delivery d
LEFT JOIN subscription s ON s.id = d.subscription_id
LEFT JOIN LATERAL (
  SELECT started_at, outcome, response_status, error_type FROM delivery_attempt a
  WHERE a.delivery_id = d.id AND a.started_at >= d.created_at - interval '1 hour' AND d.attempt_count > 0
  ORDER BY a.fence DESC LIMIT 1
) a ON true`;

/** The delivery log: what became of each delivery, and every attempt of it. */
@Injectable()
export class DeliveryLog {
  constructor(
    private readonly database: Database,
    private readonly config: AppConfig,
  ) {}

  /** Newest first; the cursor stays valid while deliveries are added. */
  async list(filter: DeliveryFilter): Promise<Page<DeliveryView>> {
    const { where, values } = conditionsOf(filter);
    const rows = await this.database.query<DeliveryRecord>(
      `SELECT ${COLUMNS} FROM ${SOURCES} ${where} ORDER BY d.id DESC LIMIT ${filter.limit + 1}`,
      values,
    );
    const page = pageOf(rows, filter.limit);
    return { data: page.data.map(toDeliveryView), nextCursor: page.nextCursor };
  }

  /** One delivery with its attempts, oldest first; 404 for another tenant's. */
  async get(tenantId: string | null, id: string): Promise<DeliveryDetail> {
    const uuid = fromTypeId(ID_PREFIX.delivery, id);
    const [row] =
      uuid === null
        ? []
        : await this.database.query<DeliveryRecord>(
            `SELECT ${COLUMNS} FROM ${SOURCES} WHERE d.id = $1 AND ($2::uuid IS NULL OR d.tenant_id = $2)`,
            [uuid, tenantId],
          );
    if (row === undefined)
      throw new AppError('not_found', 'delivery_not_found', 'There is no delivery with this id.');
    const attempts = await this.database.query<AttemptRow>(
      'SELECT * FROM delivery_attempt WHERE delivery_id = $1 ORDER BY fence LIMIT 1000',
      [row.id],
    );
    return {
      ...toDeliveryView(row),
      attempts: attempts.map(toAttemptView),
      attemptsNote: missingAttempts(row.attempt_count, attempts, this.config.retention.attemptDays),
    };
  }
}

/** A filter by an id that cannot exist finds nothing, like one that does not. */
const NO_ID = '00000000-0000-0000-0000-000000000000';

function conditionsOf(filter: DeliveryFilter): { where: string; values: unknown[] } {
  const values: unknown[] = [];
  const conditions: string[] = [];
  const add = (condition: string, value: unknown): void => {
    if (value === undefined || value === null) return;
    values.push(value);
    conditions.push(condition.replace('?', `$${values.length}`));
  };
  add('d.tenant_id = ?', filter.tenantId);
  add('d.status = ?', filter.status);
  add(
    'd.subscription_id = ?',
    filter.subscriptionId && (fromTypeId(ID_PREFIX.subscription, filter.subscriptionId) ?? NO_ID),
  );
  add('d.event_id = ?', filter.eventId && (fromTypeId(ID_PREFIX.event, filter.eventId) ?? NO_ID));
  add('d.event_type = ?', filter.eventType);
  add('d.created_at >= ?', filter.from);
  add('d.created_at < ?', filter.to);
  add('d.id < ?', filter.cursor === undefined ? undefined : decodeCursor(filter.cursor));
  return { where: conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`, values };
}
