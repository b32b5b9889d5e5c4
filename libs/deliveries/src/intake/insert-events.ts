import { arrayOf, columnOf, ArrayParameter, type DatabaseClient } from '#libs/database';
import { newId } from '#libs/kernel';
import { DeliveryFrame, inFrames } from '../dispatch/delivery-frame.js';
import type { PlannedDelivery, PlannedEvent, PlannedJob } from './fan-out.js';
import { INSERT_EVENTS, INSERT_NEW_EVENTS } from './intake.sql.js';

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
  const areNew = jobs.every(({ job }) => job.hasNewIds === true);
  const events = areNew ? jobs.flatMap((job) => job.events) : withoutTwins(jobs);
  const frames = leasesOf(events);
  const statement = areNew ? INSERT_NEW_EVENTS : INSERT_EVENTS;
  const [answer] = await client.query<InsertAnswer>(statement, parameters(events, frames, version));
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
  /** The places of its first and its last event, from 1; every event of it lies between them. */
  readonly firstEvent: number;
  readonly lastEvent: number;
}

function leasesOf(events: readonly PlannedEvent[]): LeasedFrame[] {
  const pushed: PlannedDelivery[] = [];
  const places: number[] = [];
  for (const [index, { deliveries }] of events.entries()) {
    for (const delivery of deliveries) {
      if (delivery.leaseMs <= 0) continue;
      pushed.push(delivery);
      places.push(index + 1);
    }
  }
  let first = 0;
  return inFrames(pushed).map((deliveries) => {
    const firstEvent = places[first] ?? 0;
    const lastEvent = places[(first += deliveries.length) - 1] ?? 0;
    return { leaseId: newId(), deliveries, firstEvent, lastEvent };
  });
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
  return [
    ...eventColumns(events),
    ...deliveryColumns(events),
    ...leaseColumns(frames),
    version,
    dataOf(events),
  ];
}

function eventColumns(planned: readonly PlannedEvent[]): Buffer[] {
  const count = planned.length;
  const ids = new ArrayParameter('uuid', count);
  const tenants = new ArrayParameter('uuid', count);
  const typePlaces = new ArrayParameter('int', count);
  const subjects = new ArrayParameter('text', count);
  const times = new ArrayParameter('float8', count);
  const starts = new ArrayParameter('int', count);
  const lengths = new ArrayParameter('int', count);
  const firsts = new ArrayParameter('int', count);
  const lasts = new ArrayParameter('int', count);
  const types = new Map<string, number>();
  let start = 1;
  let deliveriesSoFar = 0;
  for (const { event, deliveries } of planned) {
    const { data, type } = event;
    let place = types.get(type);
    if (place === undefined) types.set(type, (place = types.size + 1));
    ids.push(event.id);
    tenants.push(event.tenantId);
    typePlaces.push(place);
    subjects.push(event.subject);
    times.push(event.timestamp.getTime());
    starts.push(start);
    lengths.push(data.length);
    firsts.push(deliveriesSoFar + 1);
    lasts.push((deliveriesSoFar += deliveries.length));
    start += data.length;
  }
  const typeNames = arrayOf('text', [...types.keys()]);
  const before = [ids, tenants, typePlaces];
  const after = [times, starts, lengths, firsts, lasts];
  return [
    ...before.map(({ parameter }) => parameter),
    typeNames,
    subjects.sparse,
    ...after.map(({ parameter }) => parameter),
  ];
}

/** The payloads, one after the other; a large one usually comes alone and is not copied. */
function dataOf(events: readonly PlannedEvent[]): Buffer {
  const [first] = events;
  return events.length === 1 && first
    ? first.event.data
    : Buffer.concat(events.map(({ event }) => event.data));
}

function deliveryColumns(events: readonly PlannedEvent[]): Buffer[] {
  const count = events.reduce((sum, { deliveries }) => sum + deliveries.length, 0);
  const ids = new ArrayParameter('uuid', count);
  const places = new ArrayParameter('int', count);
  const subscriptions = new ArrayParameter('uuid', count);
  const leases = new ArrayParameter('int', count);
  let place = 0;
  for (const { deliveries } of events) {
    place += 1;
    for (const delivery of deliveries) {
      ids.push(delivery.id);
      places.push(place);
      subscriptions.push(delivery.subscriptionId);
      leases.push(delivery.leaseMs);
    }
  }
  return [ids.parameter, places.parameter, subscriptions.parameter, leases.parameter];
}

function leaseColumns(frames: readonly LeasedFrame[]): Buffer[] {
  const longest = (deliveries: readonly PlannedDelivery[]): number =>
    Math.max(...deliveries.map(({ leaseMs }) => leaseMs));
  return [
    columnOf('uuid', frames, ({ leaseId }) => leaseId),
    ...[
      frames.map(({ deliveries }) => longest(deliveries)),
      frames.map(({ deliveries }) => deliveries.length),
      frames.map(({ firstEvent }) => firstEvent),
      frames.map(({ lastEvent }) => lastEvent),
    ].map((numbers) => arrayOf('int', numbers)),
  ];
}
