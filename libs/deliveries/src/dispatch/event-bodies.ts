import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import type { BellhopEvent } from '#libs/events';
import { ID_PREFIX, toTypeId } from '#libs/kernel';
import type { Profile } from '#libs/signing';
import type { EventBody, FramedEvent } from './delivery-frame.js';

/** Bytes of large payloads that are kept for the other deliveries of the same event. */
const MAX_KEPT_BYTES = 32 * 1024 * 1024;

const PAYLOAD = 'SELECT data FROM event WHERE tenant_id = $1 AND id = $2';

/** The event of a delivery is no longer in PostgreSQL: retention removed it before it could be sent. */
export class EventGone extends Error {}

/** Makes the body of an event for a profile, once for all deliveries that came in one message. */
@Injectable()
export class EventBodies {
  private readonly payloads = new Map<string, Promise<Buffer>>();
  private readonly sizes = new Map<string, number>();
  private keptBytes = 0;

  constructor(private readonly database: Database) {}

  /** The body's bytes; they depend on nothing but the event and the profile. At once unless they must be read. */
  bodyOf(event: FramedEvent, profile: Profile): EventBody | Promise<EventBody> {
    const made = event.body;
    if (made !== undefined && made.profile === profile.name) return made;
    // Kept with the event, for its other deliveries; a large one would be kept for as long as they wait.
    if (isInline(event)) return (event.body = bodyFor(event, profile));
    return this.largePayload(event).then((data) => bodyFor({ ...event, data }, profile));
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

function bodyFor(event: BellhopEvent, profile: Profile): EventBody {
  const id = toTypeId(ID_PREFIX.event, event.id);
  return { profile: profile.name, id, body: profile.body(event) };
}
