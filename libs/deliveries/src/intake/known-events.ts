import { Injectable } from '@nestjs/common';
import type { BellhopEvent } from '#libs/events';
import { Database } from '#libs/database';
import { acceptedEvent, type AcceptedJob, type BatchItem } from './intake-job.js';

export const EVENT_ID_TAKEN = 'event_id_taken';

interface StoredEvent {
  readonly id: string;
  readonly type: string;
  readonly occurred_at: Date;
  readonly data: Buffer;
  readonly deliveries: number;
}

const STORED = `
SELECT e.id, e.type, e.occurred_at, e.data,
  (SELECT count(*)::int FROM delivery d WHERE d.event_id = e.id AND d.tenant_id = e.tenant_id) AS deliveries
FROM event e WHERE e.tenant_id = $1 AND e.id = ANY($2::uuid[])`;

/** Answers for events whose id had been accepted before: the same event again is fine, another one is a conflict. */
@Injectable()
export class KnownEvents {
  constructor(private readonly database: Database) {}

  /** One answer for each event, in their order. */
  async resolve(
    events: readonly BellhopEvent[],
    { events: accepted, known }: AcceptedJob,
  ): Promise<BatchItem[]> {
    const [first] = known;
    if (first === undefined) return [...accepted];
    // One request is one tenant's.
    const ids = known.map(({ id }) => id);
    const rows = await this.database.query<StoredEvent>(STORED, [first.tenantId, ids]);
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

function isSame(event: BellhopEvent, row: StoredEvent): boolean {
  return row.type === event.type && row.data.equals(event.data);
}

function conflict(): BatchItem {
  const detail = 'Another event has this id; leave `id` out to get a new one.';
  return { code: EVENT_ID_TAKEN, status: 409, detail, errors: [{ field: 'id', message: detail }] };
}
