import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { ID_PREFIX, toTypeId } from '#libs/kernel';
import type { Profile } from '#libs/signing';
import type { FramedEvent } from './delivery-frame.js';

/** What is said of an event to every subscription of one profile. */
export interface EventBody {
  /** `webhook-id`: the same for every attempt and every subscription. */
  readonly id: string;
  readonly body: Buffer;
}

/** Bytes of large payloads that are kept for the other deliveries of the same event. */
const MAX_KEPT_BYTES = 32 * 1024 * 1024;

const PAYLOAD = 'SELECT data FROM event WHERE tenant_id = $1 AND id = $2';

/** The event of a delivery is no longer in PostgreSQL: retention removed it before it could be sent. */
export class EventGone extends Error {}

/** Makes the body of an event for a profile, once for all deliveries that came in one message. */
@Injectable()
export class EventBodies {
  private readonly bodies = new WeakMap<FramedEvent, Map<string, EventBody>>();
  private readonly payloads = new Map<string, Promise<Buffer>>();
  private readonly sizes = new Map<string, number>();
  private keptBytes = 0;

  constructor(private readonly database: Database) {}

  /** The body's bytes; they depend on nothing but the event and the profile. At once unless they must be read. */
  bodyOf(event: FramedEvent, profile: Profile): EventBody | Promise<EventBody> {
    const cached = this.bodies.get(event)?.get(profile.name);
    if (cached !== undefined) return cached;
    if (event.data !== null) return this.make(event, profile, event.data);
    return this.largePayload(event).then((data) => this.make(event, profile, data));
  }

  private make(event: FramedEvent, profile: Profile, data: Buffer): EventBody {
    const made = { id: toTypeId(ID_PREFIX.event, event.id), body: profile.body({ ...event, data }) };
    const known = this.bodies.get(event) ?? new Map<string, EventBody>();
    known.set(profile.name, made);
    this.bodies.set(event, known);
    return made;
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
