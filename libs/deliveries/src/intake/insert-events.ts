import { type DatabaseClient, plainArray, textArray } from '#libs/database';
import type { DeliveryPlan } from './fan-out.js';
import type { IntakeJob } from './intake-job.js';
import { INSERT_EVENTS } from './intake.sql.js';

export interface InsertedEvents {
  /** The directory's version inside this transaction. */
  readonly version: string;
  readonly now: Date;
  readonly accepted: readonly string[];
}

/** Writes the events and the planned deliveries of these jobs in one statement. */
export async function insertEvents(
  client: DatabaseClient,
  jobs: readonly IntakeJob[],
  plan: DeliveryPlan,
): Promise<InsertedEvents> {
  const events = jobs.flatMap((job) => job.events);
  const deliveries = jobs.flatMap((job) => plan.get(job) ?? []);
  const starts: number[] = [];
  let start = 1;
  for (const { data } of events) {
    starts.push(start);
    start += data.length;
  }
  const [row] = await client.query<InsertedEvents>(INSERT_EVENTS, [
    plainArray(events.map(({ id }) => id)),
    plainArray(events.map(({ tenantId }) => tenantId)),
    textArray(events.map(({ type }) => type)),
    textArray(events.map(({ subject }) => subject)),
    plainArray(events.map(({ timestamp }) => timestamp.toISOString())),
    Buffer.concat(events.map(({ data }) => data)),
    plainArray(starts),
    plainArray(events.map(({ data }) => data.length)),
    plainArray(deliveries.map(({ delivery }) => delivery.id)),
    plainArray(deliveries.map(({ delivery }) => delivery.event.id)),
    plainArray(deliveries.map(({ delivery }) => delivery.subscriptionId)),
    plainArray(deliveries.map(({ isHeld }) => isHeld)),
    plainArray(deliveries.map(({ leaseMs }) => leaseMs)),
  ]);
  if (row === undefined) throw new Error('the insert of events gave no answer');
  return row;
}
