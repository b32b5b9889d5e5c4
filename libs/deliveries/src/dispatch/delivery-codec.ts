import { decodeFrame, encodeFrame, FrameError, isUuid } from '#libs/events';
import type { FramedEvent, LeasedDelivery } from './delivery-frame.js';

/** A place in the header's list of names, or the name itself, as older versions wrote it. */
type Name = number | string;

/**
 * What a message says of its deliveries. Tenants, types and subscriptions are named once in it, and times are counted
 * from one of them: the broker writes each byte to disk, and ids were two thirds of the header.
 */
interface DeliveryHeader {
  readonly kind: string;
  /** The row of delivery_lease that stands for these deliveries; older versions published some with a lease each. */
  readonly lease?: string | null;
  readonly names?: readonly string[];
  /** Milliseconds since 1970 that the times are counted from; older versions counted from 1970. */
  readonly base?: number;
  readonly events: readonly [
    id: string,
    tenant: Name,
    type: Name,
    subject: string | null,
    timestamp: number,
    isInline: boolean,
  ][];
  readonly deliveries: readonly [
    id: string,
    eventIndex: number,
    subscription: Name,
    fence: number,
    attemptCount: number,
    leaseUntil: number,
  ][];
}

const NO_BYTES = Buffer.alloc(0);

export function encodeDeliveries(leaseId: string | null, deliveries: readonly LeasedDelivery[]): Buffer {
  const events = new Places<FramedEvent>();
  const names = new Places<string>();
  const base = deliveries[0]?.leaseUntilMs ?? 0;
  const header: DeliveryHeader = {
    kind: 'deliveries',
    lease: leaseId,
    base,
    deliveries: deliveries.map((delivery) => [
      delivery.id,
      events.of(delivery.event),
      names.of(delivery.subscriptionId),
      delivery.fence,
      delivery.attemptCount,
      delivery.leaseUntilMs - base,
    ]),
    events: events.list.map((event) => [
      event.id,
      names.of(event.tenantId),
      names.of(event.type),
      event.subject,
      event.timestamp.getTime() - base,
      event.data !== null,
    ]),
    names: names.list,
  };
  return encodeFrame(
    header,
    events.list.map((event) => event.data ?? NO_BYTES),
  );
}

/** Throws FrameError for anything that is not one of ours. */
export function decodeDeliveries(message: Buffer): { leaseId: string | null; deliveries: LeasedDelivery[] } {
  const { header, payloads } = decodeFrame<DeliveryHeader>(message);
  if (header.kind !== 'deliveries')
    throw new FrameError(`unexpected kind ${String(header.kind).slice(0, 40)}`);
  const events = isListed(header) ? eventsOf(header, payloads) : null;
  const deliveries = events && deliveriesOf(header, events);
  // An id that is none would fail the statement that records it, and its neighbours' records with it.
  if (!events || !deliveries || !isWellFormed(header, events, deliveries))
    throw new FrameError('the header does not say which deliveries it brings');
  return { leaseId: header.lease ?? null, deliveries };
}

function eventsOf({ events, names, base = 0 }: DeliveryHeader, payloads: readonly Buffer[]): FramedEvent[] {
  return events.map(([id, tenant, type, subject, timestamp, isInline], index) => ({
    id,
    tenantId: nameOf(tenant, names),
    type: nameOf(type, names),
    subject,
    timestamp: new Date(base + timestamp),
    data: isInline ? (payloads[index] ?? null) : null,
  }));
}

function deliveriesOf(header: DeliveryHeader, events: readonly FramedEvent[]): LeasedDelivery[] {
  const { deliveries, names, base = 0 } = header;
  return deliveries.map(([id, eventIndex, subscription, fence, attemptCount, leaseUntil]) => {
    const event = events[eventIndex];
    if (event === undefined) throw new FrameError('a delivery without its event');
    const subscriptionId = nameOf(subscription, names);
    return { id, subscriptionId, fence, attemptCount, leaseUntilMs: base + leaseUntil, event };
  });
}

function nameOf(name: Name, names: readonly string[] = []): string {
  const found = typeof name === 'number' ? names[name] : name;
  if (typeof found !== 'string') throw new FrameError('a name that the header does not list');
  return found;
}

function isWellFormed(
  { lease, names }: DeliveryHeader,
  events: readonly FramedEvent[],
  deliveries: readonly LeasedDelivery[],
): boolean {
  const ids = new Set(names?.filter(isUuid));
  const isId = (name: string): boolean => ids.has(name) || isUuid(name);
  return (
    ((lease ?? null) === null || isUuid(lease)) &&
    events.every(
      ({ id, tenantId, timestamp }) => isUuid(id) && isId(tenantId) && !Number.isNaN(timestamp.getTime()),
    ) &&
    deliveries.every(
      ({ id, subscriptionId, fence, attemptCount, leaseUntilMs }) =>
        isUuid(id) &&
        isId(subscriptionId) &&
        isCount(fence) &&
        isCount(attemptCount) &&
        Number.isSafeInteger(leaseUntilMs),
    )
  );
}

/** As the column of the delivery holds it, with room for one more. */
const isCount = (value: number): boolean => Number.isInteger(value) && value >= 0 && value < 2 ** 31 - 1;

function isListed({ events, deliveries, names = [] }: DeliveryHeader): boolean {
  return isListOfLists(events) && isListOfLists(deliveries) && Array.isArray(names);
}

const isListOfLists = (value: unknown): boolean => Array.isArray(value) && value.every(Array.isArray);

/** Gives each value that it is asked for a place in a list, the same one each time. */
class Places<T> {
  readonly list: T[] = [];
  private readonly places = new Map<T, number>();

  of(value: T): number {
    const known = this.places.get(value);
    if (known !== undefined) return known;
    this.places.set(value, this.list.length);
    return this.list.push(value) - 1;
  }
}
