import { type DatabaseClient, PlainArray, plainArray, textArray } from '#libs/database';
import { newId } from '#libs/kernel';
import { DeliveryFrame, inFrames } from '../dispatch/delivery-frame.js';
import type { PlannedDelivery, PlannedEvent, PlannedJob } from './fan-out.js';
import { INSERT_EVENTS } from './intake.sql.js';

/** The directory is not what the deliveries were planned with; nothing was written. */
export class DirectoryMoved extends Error {}

export interface InsertedEvents {
  readonly databaseTime: Date;
  /** Those that were new; an id that was accepted before writes nothing. */
  readonly accepted: ReadonlySet<PlannedEvent>;
  /** What goes to the dispatchers, leased. */
  readonly frames: readonly DeliveryFrame[];
}

interface InsertAnswer {
  readonly version: string;
  readonly now: Date;
  /** Places in what was sent; null for all of them. */
  readonly accepted: readonly number[] | null;
}

/** Writes the events and the planned deliveries of these jobs in one statement, if the directory is at this version. */
export async function insertEvents(
  client: DatabaseClient,
  jobs: readonly PlannedJob[],
  version: string,
): Promise<InsertedEvents> {
  const events = withoutTwins(jobs);
  const frames = leasesOf(events);
  const [answer] = await client.query<InsertAnswer>(INSERT_EVENTS, parameters(events, frames, version));
  if (answer === undefined) throw new Error('the insert of events gave no answer');
  if (answer.version !== version) throw new DirectoryMoved();
  const some = answer.accepted?.map((place) => events[place] as PlannedEvent);
  return {
    databaseTime: answer.now,
    accepted: new Set(some ?? events),
    frames: leased(frames, answer.now, some),
  };
}

/** Of two events with one id that came at the same moment, the second finds the first accepted. */
function withoutTwins(jobs: readonly PlannedJob[]): PlannedEvent[] {
  const seen = new Set<string>();
  const events: PlannedEvent[] = [];
  for (const job of jobs) {
    for (const planned of job.events) {
      const { id, tenantId } = planned.event;
      const isKnown = seen.has(id);
      seen.add(id);
      // Ids are unique in practice: only for one that came before is it worth to look whose it was.
      if (isKnown && events.some(({ event }) => event.id === id && event.tenantId === tenantId)) continue;
      events.push(planned);
    }
  }
  return events;
}

interface LeasedFrame {
  readonly leaseId: string;
  readonly deliveries: readonly PlannedDelivery[];
}

function leasesOf(events: readonly PlannedEvent[]): LeasedFrame[] {
  const pushed = events.flatMap(({ deliveries }) => deliveries.filter(({ leaseMs }) => leaseMs > 0));
  return inFrames(pushed).map((deliveries) => ({ leaseId: newId(), deliveries }));
}

/** The frames with when their leases end; of events of which only some were accepted, their deliveries alone. */
function leased(
  frames: readonly LeasedFrame[],
  now: Date,
  some: readonly PlannedEvent[] | undefined,
): DeliveryFrame[] {
  const ids = some && new Set(some.flatMap(idsOf));
  const sent: DeliveryFrame[] = [];
  for (const { leaseId, deliveries } of frames) {
    const written = ids ? deliveries.filter(({ id }) => ids.has(id)) : deliveries;
    for (const delivery of written) delivery.leaseUntilMs = now.getTime() + delivery.leaseMs;
    if (written.length > 0) sent.push(new DeliveryFrame(leaseId, written));
  }
  return sent;
}

function idsOf({ deliveries }: PlannedEvent): string[] {
  return deliveries.map(({ id }) => id);
}

function parameters(
  events: readonly PlannedEvent[],
  frames: readonly LeasedFrame[],
  version: string,
): unknown[] {
  const { columns, ranges } = deliveryColumns(events);
  return [...eventColumns(events), ...columns, ...leaseColumns(frames, version), ...ranges, dataOf(events)];
}

function eventColumns(planned: readonly PlannedEvent[]): string[] {
  const ids = new PlainArray();
  const tenants = new PlainArray();
  const typePlaces = new PlainArray();
  const times = new PlainArray();
  const starts = new PlainArray();
  const lengths = new PlainArray();
  const types = new Map<string, number>();
  let start = 1;
  for (const { event } of planned) {
    const { data, type } = event;
    let place = types.get(type);
    if (place === undefined) types.set(type, (place = types.size + 1));
    ids.push(event.id);
    tenants.push(event.tenantId);
    typePlaces.push(place);
    times.push(event.timestamp.getTime());
    starts.push(start);
    lengths.push(data.length);
    start += data.length;
  }
  const subjects = textArray(planned.map(({ event }) => event.subject));
  return [
    ids.text,
    tenants.text,
    typePlaces.text,
    textArray([...types.keys()]),
    subjects,
    times.text,
    starts.text,
    lengths.text,
  ];
}

/** The payloads, one after the other; a large one usually comes alone and is not copied. */
function dataOf(events: readonly PlannedEvent[]): Buffer {
  const [first] = events;
  return events.length === 1 && first
    ? first.event.data
    : Buffer.concat(events.map(({ event }) => event.data));
}

interface DeliveryColumns {
  readonly columns: readonly string[];
  /** Of each event, the first and the last place of its deliveries in the columns. */
  readonly ranges: readonly string[];
}

function deliveryColumns(events: readonly PlannedEvent[]): DeliveryColumns {
  const ids = new PlainArray();
  const places = new PlainArray();
  const subscriptions = new PlainArray();
  const leases = new PlainArray();
  const firsts = new PlainArray();
  const lasts = new PlainArray();
  let place = 0;
  let last = 0;
  for (const { deliveries } of events) {
    place += 1;
    firsts.push(last + 1);
    lasts.push((last += deliveries.length));
    for (const delivery of deliveries) {
      ids.push(delivery.id);
      places.push(place);
      subscriptions.push(delivery.subscriptionId);
      leases.push(delivery.leaseMs);
    }
  }
  return {
    columns: [ids.text, places.text, subscriptions.text, leases.text],
    ranges: [firsts.text, lasts.text],
  };
}

function leaseColumns(frames: readonly LeasedFrame[], version: string): unknown[] {
  return [
    plainArray(frames.map(({ leaseId }) => leaseId)),
    plainArray(frames.map(({ deliveries }) => Math.max(...deliveries.map((delivery) => delivery.leaseMs)))),
    version,
    plainArray(frames.map(({ deliveries }) => deliveries.length)),
    textArray(
      frames.map(({ deliveries }) => plainArray([...new Set(deliveries.map(({ event }) => event.id))])),
    ),
  ];
}
