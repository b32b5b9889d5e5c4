import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { NewEvent } from '#libs/events';
import { toTypeId } from '#libs/kernel';
import { type OutboxRow, toOutboxRow } from './outbox-row.js';
import { knownOutboxSchema } from './outbox-schemas.js';

/** Channel on which a committed transaction wakes the relay; the payload names the schema. */
export const OUTBOX_CHANNEL = 'bellhop_outbox';

export interface PublishedEvent {
  /** `evt_…` */
  readonly id: string;
}

/** Publishes events as part of the caller's own transaction: both happen or neither does. */
@Injectable()
export class Publisher {
  private readonly insert: string;

  constructor(private readonly schema: string) {
    this.insert = insertInto(knownOutboxSchema(schema));
  }

  /**
   * Writes the events to the outbox through `tx`. They leave after the commit and never without it. An event whose id
   * already waits there is not written again. Throws AppError for an event that could never be accepted.
   */
  async publish(tx: EntityManager, event: NewEvent | readonly NewEvent[]): Promise<PublishedEvent[]> {
    const now = new Date();
    const rows = listOf(event).map((one) => toOutboxRow(one, now));
    if (rows.length > 0) await this.write(tx, rows);
    return rows.map(({ id }) => ({ id: toTypeId('evt', id) }));
  }

  protected async write(tx: EntityManager, rows: readonly OutboxRow[]): Promise<void> {
    if (tx.queryRunner?.isTransactionActive !== true) {
      throw new Error(
        'publish() needs the EntityManager of a running transaction: dataSource.transaction((tx) => …)',
      );
    }
    await tx.query(this.insert, [...columnsOf(rows), OUTBOX_CHANNEL, this.schema]);
  }
}

function listOf(event: NewEvent | readonly NewEvent[]): readonly NewEvent[] {
  return 'type' in event ? [event] : event;
}

/** One statement and one round trip however many events: the notification leaves with the commit as well. */
function insertInto(schema: string): string {
  return `
WITH written AS (
  INSERT INTO ${schema}.outbox_message (id, tenant_id, type, subject, occurred_at, data)
  SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::timestamptz[], $6::bytea[])
  ON CONFLICT (id) DO NOTHING
)
SELECT pg_notify($7, $8)`;
}

function columnsOf(rows: readonly OutboxRow[]): unknown[] {
  return [
    rows.map((row) => row.id),
    rows.map((row) => row.tenantId),
    rows.map((row) => row.type),
    rows.map((row) => row.subject),
    rows.map((row) => row.occurredAt.toISOString()),
    rows.map((row) => row.data),
  ];
}
