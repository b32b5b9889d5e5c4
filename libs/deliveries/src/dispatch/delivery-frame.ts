import { type BellhopEvent, decodeFrame, encodeFrame, FrameError } from '#libs/events';

/** Payloads above this stay in PostgreSQL and are read once per event: large frames would fill the broker's memory. */
export const INLINE_BYTES = 16 * 1024;
/** Deliveries of one broker message: one message per delivery costs 2–3 times the POST itself, 25 make that small. */
const DELIVERIES_PER_FRAME = 25;
const FRAME_BYTES = 1024 * 1024;

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

/** An event in a frame; `data` is null when it is too large to travel along. */
export type FramedEvent = Omit<BellhopEvent, 'data'> & { readonly data: Buffer | null };

interface FrameHeader {
  readonly kind: string;
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

/** Packs deliveries into broker messages; deliveries of one event share its payload bytes. */
export function packDeliveries(deliveries: readonly LeasedDelivery[]): Buffer[] {
  const frames: Buffer[] = [];
  let batch: LeasedDelivery[] = [];
  let bytes = 0;
  for (const delivery of deliveries) {
    const size = delivery.event.data?.length ?? 0;
    if (batch.length === DELIVERIES_PER_FRAME || (batch.length > 0 && bytes + size > FRAME_BYTES)) {
      frames.push(packFrame(batch));
      batch = [];
      bytes = 0;
    }
    batch.push(delivery);
    bytes += size;
  }
  if (batch.length > 0) frames.push(packFrame(batch));
  return frames;
}

function packFrame(deliveries: readonly LeasedDelivery[]): Buffer {
  const indexOf = new Map<string, number>();
  const events: FramedEvent[] = [];
  for (const { event } of deliveries) {
    if (indexOf.has(event.id)) continue;
    indexOf.set(event.id, events.length);
    events.push(event);
  }
  const header: FrameHeader = {
    kind: 'deliveries',
    events: events.map((event) => [
      event.id,
      event.tenantId,
      event.type,
      event.subject,
      event.timestamp.getTime(),
      event.data !== null,
    ]),
    deliveries: deliveries.map((delivery) => [
      delivery.id,
      indexOf.get(delivery.event.id) ?? 0,
      delivery.subscriptionId,
      delivery.fence,
      delivery.attemptCount,
      delivery.leaseUntilMs,
    ]),
  };
  return encodeFrame(
    header,
    events.map((event) => event.data ?? Buffer.alloc(0)),
  );
}

/** The deliveries of a broker message; throws FrameError for anything that is not one of ours. */
export function unpackDeliveries(message: Buffer): LeasedDelivery[] {
  const { header, payloads } = decodeFrame<FrameHeader>(message);
  if (header.kind !== 'deliveries')
    throw new FrameError(`unexpected kind ${String(header.kind).slice(0, 40)}`);
  const events = header.events.map(([id, tenantId, type, subject, timestampMs, isInline], index) => ({
    id,
    tenantId,
    type,
    subject,
    timestamp: new Date(timestampMs),
    data: isInline ? (payloads[index] ?? null) : null,
  }));
  return header.deliveries.map(([id, eventIndex, subscriptionId, fence, attemptCount, leaseUntilMs]) => {
    const event = events[eventIndex];
    if (event === undefined) throw new FrameError('a delivery without its event');
    return { id, subscriptionId, fence, attemptCount, leaseUntilMs, event };
  });
}
