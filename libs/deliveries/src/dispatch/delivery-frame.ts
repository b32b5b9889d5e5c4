import type { BellhopEvent } from '#libs/events';
import type { MessageContent } from '#libs/messaging';
import type { Envelope } from '#libs/signing';
import { decodeDeliveries, encodeDeliveries } from './delivery-codec.js';

/** Payloads above this stay in PostgreSQL and are read once per event: large frames would fill the broker's memory. */
export const INLINE_BYTES = 16 * 1024;
/** Deliveries of one broker message: with one in each it costs 2–3 times the POST, with 25 nearly twice what it does now. */
const DELIVERIES_PER_FRAME = 100;
/** A dispatcher may hold 400 messages, so this bounds its memory to 100 MiB. */
const FRAME_BYTES = 256 * 1024;

/** A delivery that is leased and on its way to a dispatcher. */
export interface LeasedDelivery {
  readonly id: string;
  readonly subscriptionId: string;
  readonly fence: number;
  /** Attempts made before this one. */
  readonly attemptCount: number;
  /** Milliseconds since 1970, by the database's clock. */
  readonly leaseUntilMs: number;
  readonly event: FramedEvent;
}

/** What is said of an event to every subscription with one envelope. */
export interface EventBody {
  readonly envelope: Envelope;
  /** `webhook-id`: the same for every attempt and every subscription. */
  readonly id: string;
  readonly body: Buffer;
}

/** An event in a frame; `data` is null when it is too large to travel along. */
export interface FramedEvent extends Omit<BellhopEvent, 'data'> {
  readonly data: Buffer | null;
  /** As it was last made here; it does not travel. */
  body?: EventBody;
}

/** The deliveries of one broker message. Inside one process it travels as it is, through a broker as bytes. */
export class DeliveryFrame implements MessageContent {
  constructor(
    readonly leaseId: string | null,
    readonly deliveries: readonly LeasedDelivery[],
  ) {}

  /** The same for every copy of the message, and for no other. */
  get key(): string {
    const [first] = this.deliveries;
    return this.leaseId ?? `${first?.id} ${first?.fence}`;
  }

  /** What it keeps in memory, about. */
  get byteLength(): number {
    return this.deliveries.reduce((sum, { event }) => sum + (event.data?.length ?? 0) + 256, 0);
  }

  /** The message without those deliveries that are not among these. */
  only(ids: ReadonlySet<string>): DeliveryFrame {
    const left = this.deliveries.filter(({ id }) => ids.has(id));
    return new DeliveryFrame(this.leaseId, left);
  }

  encode(): Buffer {
    return encodeDeliveries(this.leaseId, this.deliveries);
  }

  /** Throws FrameError for anything that is not one of ours. */
  static decode(message: Buffer): DeliveryFrame {
    const { leaseId, deliveries } = decodeDeliveries(message);
    return new DeliveryFrame(leaseId, deliveries);
  }
}

/** Groups deliveries for broker messages, in their order. */
export function inFrames<T extends LeasedDelivery>(deliveries: readonly T[]): T[][] {
  const groups: T[][] = [];
  let group: T[] = [];
  let bytes = 0;
  let last: FramedEvent | null = null;
  for (const delivery of deliveries) {
    // Deliveries of one event stand together and share its payload bytes.
    const size = delivery.event === last ? 0 : (delivery.event.data?.length ?? 0);
    if (group.length === DELIVERIES_PER_FRAME || (group.length > 0 && bytes + size > FRAME_BYTES)) {
      groups.push(group);
      group = [];
      bytes = 0;
    }
    group.push(delivery);
    bytes += size;
    last = delivery.event;
  }
  if (group.length > 0) groups.push(group);
  return groups;
}
