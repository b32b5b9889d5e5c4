import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import type { BellhopEvent } from '#libs/events';
import { ID_PREFIX, toTypeId } from '#libs/kernel';
import type { Envelope } from '#libs/signing';
import type { EventBody, FramedEvent } from './delivery-frame.js';
import { ownMoment } from './event-moments.js';

/** Bytes of large payloads that are kept for the other deliveries of the same event. */
const MAX_KEPT_BYTES = 32 * 1024 * 1024;

const PAYLOAD = 'SELECT data FROM event WHERE tenant_id = $1 AND id = $2';

/** The event of a delivery is no longer in PostgreSQL: retention removed it before it could be sent. */
export class EventGone extends Error {}

/** Makes the body of an event for an envelope, once for all deliveries that came in one message. */
@Injectable()
export class EventBodies {
  private readonly payloads = new Map<string, Promise<Buffer>>();
  private readonly sizes = new Map<string, number>();
  private keptBytes = 0;

  constructor(private readonly database: Database) {}

  /** The body's bytes; they depend on nothing but event and subscription. At once unless something must be read. */
  bodyOf(event: FramedEvent, subscriptionId: string, envelope: Envelope): EventBody | Promise<EventBody> {
    const made = event.body;
    if (made !== undefined && made.envelope === envelope) return made;
    if (envelope.needsOwnMoment === true) return this.bodyAtOwnMoment(event, subscriptionId, envelope);
    // Kept with the event, for its other deliveries; a large one would be kept for as long as they wait.
    if (isInline(event)) return (event.body = bodyFor(event, envelope));
    return this.largePayload(event).then((data) => bodyFor({ ...event, data }, envelope));
  }

  private async bodyAtOwnMoment(
    event: FramedEvent,
    subscriptionId: string,
    envelope: Envelope,
  ): Promise<EventBody> {
    const timestamp = await ownMoment(this.database, subscriptionId, event);
    const data = event.data ?? (await this.largePayload(event));
    return bodyFor({ ...event, timestamp, data }, envelope);
  }

  private largePayload({ id, tenantId }: FramedEvent): Promise<Buffer> {
    // Two tenants may use one id.
    const key = `${tenantId} ${id}`;
    const kept = this.payloads.get(key);
    if (kept !== undefined) return kept;
    const payload = this.readPayload(tenantId, id);
    this.payloads.set(key, payload);
    payload.then(
      (data) => this.keep(key, data.length),
      () => this.payloads.delete(key),
    );
    return payload;
  }

  private async readPayload(tenantId: string, eventId: string): Promise<Buffer> {
    const [row] = await this.database.query<{ data: Buffer }>(PAYLOAD, [tenantId, eventId]);
    if (row === undefined) throw new EventGone(eventId);
    return row.data;
  }

  /** The oldest payloads make room; a map keeps the order in which they came. */
  private keep(key: string, bytes: number): void {
    this.sizes.set(key, bytes);
    this.keptBytes += bytes;
    for (const [oldKey, oldBytes] of this.sizes) {
      if (this.keptBytes <= MAX_KEPT_BYTES) return;
      this.sizes.delete(oldKey);
      this.payloads.delete(oldKey);
      this.keptBytes -= oldBytes;
    }
  }
}

function isInline(event: FramedEvent): event is FramedEvent & { readonly data: Buffer } {
  return event.data !== null;
}

function bodyFor(event: BellhopEvent, envelope: Envelope): EventBody {
  const id = toTypeId(ID_PREFIX.event, event.id);
  return { envelope, id, body: envelope.body(event) };
}
