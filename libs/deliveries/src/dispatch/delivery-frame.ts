import { type BellhopEvent, decodeFrame, encodeFrame, FrameError, isUuid } from '#libs/events';
import type { MessageContent } from '#libs/messaging';
import type { Envelope } from '#libs/signing';

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

interface FrameHeader {
  readonly kind: string;
  /** The row of delivery_lease that stands for these deliveries; older versions published some with a lease each. */
  readonly lease?: string | null;
  readonly events: readonly [
    id: string,
    tenantId: string,
    type: string,
    subject: string | null,
    timestampMs: number,
    isInline: boolean,
  ][];
  readonly deliveries: readonly [
    id: string,
    eventIndex: number,
    subscriptionId: string,
    fence: number,
    attemptCount: number,
    leaseUntilMs: number,
  ][];
}

const NO_BYTES = Buffer.alloc(0);

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
    const indexOf = new Map<FramedEvent, number>();
    for (const { event } of this.deliveries) if (!indexOf.has(event)) indexOf.set(event, indexOf.size);
    const events = [...indexOf.keys()];
    const header: FrameHeader = {
      kind: 'deliveries',
      lease: this.leaseId,
      events: events.map((event) => [
        event.id,
        event.tenantId,
        event.type,
        event.subject,
        event.timestamp.getTime(),
        event.data !== null,
      ]),
      deliveries: this.deliveries.map((delivery) => [
        delivery.id,
        indexOf.get(delivery.event) ?? 0,
        delivery.subscriptionId,
        delivery.fence,
        delivery.attemptCount,
        delivery.leaseUntilMs,
      ]),
    };
    return encodeFrame(
      header,
      events.map((event) => event.data ?? NO_BYTES),
    );
  }

  /** Throws FrameError for anything that is not one of ours. */
  static decode(message: Buffer): DeliveryFrame {
    const { header, payloads } = decodeFrame<FrameHeader>(message);
    if (header.kind !== 'deliveries')
      throw new FrameError(`unexpected kind ${String(header.kind).slice(0, 40)}`);
    if (!isWellFormed(header)) throw new FrameError('the header does not say which deliveries it brings');
    const events = header.events.map(([id, tenantId, type, subject, timestampMs, isInline], index) => ({
      id,
      tenantId,
      type,
      subject,
      timestamp: new Date(timestampMs),
      data: isInline ? (payloads[index] ?? null) : null,
    }));
    const deliveries = header.deliveries.map(
      ([id, eventIndex, subscriptionId, fence, attemptCount, leaseUntilMs]) => {
        const event = events[eventIndex];
        if (event === undefined) throw new FrameError('a delivery without its event');
        return { id, subscriptionId, fence, attemptCount, leaseUntilMs, event };
      },
    );
    return new DeliveryFrame(header.lease ?? null, deliveries);
  }
}

/** An id that is none would fail the statement that records it, and its neighbours' records with it. */
function isWellFormed({ events, deliveries, lease }: FrameHeader): boolean {
  if (!isListOfLists(events) || !isListOfLists(deliveries)) return false;
  return (
    ((lease ?? null) === null || isUuid(lease)) &&
    events.every(
      ([id, tenantId, , , timestampMs]) => isUuid(id) && isUuid(tenantId) && Number.isFinite(timestampMs),
    ) &&
    deliveries.every(
      ([id, , subscriptionId, fence, attemptCount, leaseUntilMs]) =>
        isUuid(id) &&
        isUuid(subscriptionId) &&
        [fence, attemptCount].every(isCount) &&
        Number.isSafeInteger(leaseUntilMs),
    )
  );
}

/** As the column of the delivery holds it, with room for one more. */
const isCount = (value: number): boolean => Number.isInteger(value) && value >= 0 && value < 2 ** 31 - 1;

const isListOfLists = (value: unknown): boolean => Array.isArray(value) && value.every(Array.isArray);

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
