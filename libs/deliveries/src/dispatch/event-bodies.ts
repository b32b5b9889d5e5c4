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
    return this.largePayload(event.id).then((data) => this.make(event, profile, data));
  }

  private make(event: FramedEvent, profile: Profile, data: Buffer): EventBody {
    const made = { id: toTypeId(ID_PREFIX.event, event.id), body: profile.body({ ...event, data }) };
    const known = this.bodies.get(event) ?? new Map<string, EventBody>();
    known.set(profile.name, made);
    this.bodies.set(event, known);
    return made;
  }

  private largePayload(eventId: string): Promise<Buffer> {
    const kept = this.payloads.get(eventId);
    if (kept !== undefined) return kept;
    const payload = this.readPayload(eventId);
    this.payloads.set(eventId, payload);
    payload.then(
      (data) => this.keep(eventId, data.length),
      () => this.payloads.delete(eventId),
    );
    return payload;
  }

  private async readPayload(eventId: string): Promise<Buffer> {
    const [row] = await this.database.query<{ data: Buffer }>('SELECT data FROM event WHERE id = $1', [
      eventId,
    ]);
    if (row === undefined) throw new EventGone(eventId);
    return row.data;
  }

  /** The oldest payloads make room; a map keeps the order in which they came. */
  private keep(eventId: string, bytes: number): void {
    this.sizes.set(eventId, bytes);
    this.keptBytes += bytes;
    for (const [oldId, oldBytes] of this.sizes) {
      if (this.keptBytes <= MAX_KEPT_BYTES) return;
      this.sizes.delete(oldId);
      this.payloads.delete(oldId);
      this.keptBytes -= oldBytes;
    }
  }
}
