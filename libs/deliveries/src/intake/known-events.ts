import { Injectable } from '@nestjs/common';
import type { BellhopEvent } from '#libs/events';
import { Database } from '#libs/database';
import { acceptedEvent, type AcceptedJob, type BatchItem } from './intake-job.js';

export const EVENT_ID_TAKEN = 'event_id_taken';

interface StoredEvent {
  readonly id: string;
  readonly tenant_id: string;
  readonly type: string;
  readonly occurred_at: Date;
  readonly data: Buffer;
  readonly deliveries: number;
}

const STORED = `
SELECT e.id, e.tenant_id, e.type, e.occurred_at, e.data,
  (SELECT count(*)::int FROM delivery d WHERE d.event_id = e.id) AS deliveries
FROM event e WHERE e.id = ANY($1::uuid[])`;

/** Answers for events whose id had been accepted before: the same event again is fine, another one is a conflict. */
@Injectable()
export class KnownEvents {
  constructor(private readonly database: Database) {}

  /** One answer for each event, in their order. */
  async resolve(
    events: readonly BellhopEvent[],
    { events: accepted, known }: AcceptedJob,
  ): Promise<BatchItem[]> {
    if (known.length === 0) return [...accepted];
    const rows = await this.database.query<StoredEvent>(STORED, [known.map(({ id }) => id)]);
    const stored = new Map(rows.map((row) => [row.id, row]));
    return accepted.map((item, index) => {
      const event = events[index] as BellhopEvent;
      const row = stored.get(event.id);
      if (row === undefined || !known.includes(event)) return item;
      return isSame(event, row)
        ? acceptedEvent({ ...event, timestamp: row.occurred_at }, row.deliveries)
        : conflict();
    });
  }
}

/** A tenant learns nothing of another's event: its id is simply taken. */
function isSame(event: BellhopEvent, row: StoredEvent): boolean {
  return row.tenant_id === event.tenantId && row.type === event.type && row.data.equals(event.data);
}

function conflict(): BatchItem {
  const detail = 'Another event has this id; leave `id` out to get a new one.';
  return { code: EVENT_ID_TAKEN, status: 409, detail, errors: [{ field: 'id', message: detail }] };
}
