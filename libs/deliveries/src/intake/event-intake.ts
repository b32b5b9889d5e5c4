import { Injectable } from '@nestjs/common';
import { Database, type DatabaseClient, isLostRace } from '#libs/database';
import { removeFromOutbox } from '#libs/outbox';
import { SubscriptionDirectory } from '#libs/subscriptions';
import { Coalescer } from '../coalescer.js';
import { DatabaseClock } from '../database-clock.js';
import { EngineMetrics } from '../engine-metrics.js';
import { HandOff } from '../hand-off.js';
import { type PlannedJob, planJob, targetsOf } from './fan-out.js';
import { type ReservedKeys, repeatedAnswers, reserveKeys } from './idempotency.js';
import { DirectoryMoved, type InsertedEvents, insertEvents } from './insert-events.js';
import { acceptedEvent, type IntakeAnswer, type IntakeJob } from './intake-job.js';

const NOTHING_RESERVED: ReservedKeys = { taken: new Set() };
/** A delivery row and its places in the indexes, in the bytes that a batch is bounded by. */
const DELIVERY_WEIGHT = 256;
/** Whoever loses a race more often than that is told so: it is no accident any more. */
const MAX_TRIES = 3;

interface Written extends InsertedEvents {
  readonly reserved: ReservedKeys;
}

/**
 * Accepts events: the row of an event and one delivery row per matching subscription are committed together, and only
 * then is the event accepted. What was leased on the way goes straight to the dispatchers.
 */
@Injectable()
export class EventIntake {
  private readonly coalescer = new Coalescer<IntakeJob, IntakeAnswer>((jobs) => this.acceptBatch(jobs), {
    maxItems: 300,
    maxWeight: 4 * 1024 * 1024,
    maxInFlight: 2,
    lingerMs: 2,
  });

  constructor(
    private readonly database: Database,
    private readonly directory: SubscriptionDirectory,
    private readonly handOff: HandOff,
    private readonly clock: DatabaseClock,
    private readonly metrics: EngineMetrics,
  ) {}

  /** Resolves when the job's events are durable; the answer of a used idempotency key writes nothing. */
  accept(job: IntakeJob): Promise<IntakeAnswer> {
    return this.coalescer.add(job, this.weightOf(job));
  }

  /** Waits for what is being accepted. */
  drain(): Promise<void> {
    return this.coalescer.drain();
  }

  private weightOf(job: IntakeJob): number {
    let weight = DELIVERY_WEIGHT;
    for (const [index, { data }] of job.events.entries()) {
      weight += data.length + DELIVERY_WEIGHT * targetsOf(job, index, this.directory).length;
    }
    return weight;
  }

  private async acceptBatch(jobs: readonly IntakeJob[]): Promise<IntakeAnswer[]> {
    const sentAt = performance.now();
    const { plan, written } = await this.writeOnCurrentDirectory(jobs);
    this.clock.learn(written.databaseTime, sentAt);
    this.metrics.accepted(written.accepted.size);
    // Not awaited: the events are accepted, and what the broker does not take is fed again when its lease is over.
    if (written.frames.length > 0) void this.handOff.send(written.frames);
    const repeated = await repeatedAnswers(this.database, jobs, written.reserved);
    return plan.map((planned) => repeated.get(planned.job) ?? answerOf(planned, written));
  }

  /**
   * A change of the directory between planning and writing shows in its version: plan again, it is rare. So is a lost
   * race (deadlock, serialization), which the publisher need not know of.
   */
  private async writeOnCurrentDirectory(
    jobs: readonly IntakeJob[],
  ): Promise<{ plan: readonly PlannedJob[]; written: Written }> {
    for (let lost = 0; ;) {
      // Read before planning: the directory may move on by itself while the statement is on its way.
      const { version } = this.directory;
      const isPushable = this.handOff.pushable();
      const plan = jobs.map((job) => planJob(job, this.directory, isPushable));
      try {
        return { plan, written: await this.write(plan, version) };
      } catch (error) {
        if (error instanceof DirectoryMoved) await this.directory.refresh();
        else if (!isLostRace(error) || (lost += 1) >= MAX_TRIES) throw error;
      }
    }
  }

  /** One statement is a transaction by itself; keys, outboxes and a notification need one around them. */
  private async write(plan: readonly PlannedJob[], version: string): Promise<Written> {
    const leavesWork = (planned: PlannedJob): boolean => this.leavesWork(planned);
    if (plan.every((planned) => isPlain(planned) && !leavesWork(planned))) {
      return { ...(await insertEvents(this.database, plan, version)), reserved: NOTHING_RESERVED };
    }
    return this.database.transaction(async (client) => {
      const reserved = await reserveKeys(client, plan);
      const fresh = plan.filter(({ job }) => !reserved.taken.has(job));
      const inserted = await insertEvents(client, fresh, version);
      await leaveOutboxes(client, plan);
      if (fresh.some(leavesWork)) await client.query(`SELECT pg_notify('bellhop_due', '')`);
      return { ...inserted, reserved };
    });
  }

  /** Whether some of its deliveries wait for a feeder, of whichever process. */
  private leavesWork({ events }: PlannedJob): boolean {
    return events.some(({ deliveries }) =>
      deliveries.some(({ leaseMs, subscriptionId }) => leaseMs === 0 && !this.handOff.isShut(subscriptionId)),
    );
  }
}

function isPlain({ job }: PlannedJob): boolean {
  const { outbox, idempotency } = job;
  return outbox === undefined && idempotency === undefined;
}

async function leaveOutboxes(client: DatabaseClient, plan: readonly PlannedJob[]): Promise<void> {
  const idsOf = new Map<string, string[]>();
  for (const { job } of plan) {
    if (job.outbox === undefined) continue;
    const ids = idsOf.get(job.outbox) ?? [];
    ids.push(...job.events.map(({ id }) => id));
    idsOf.set(job.outbox, ids);
  }
  for (const [outbox, ids] of idsOf) await removeFromOutbox(client, outbox, ids);
}

function answerOf({ job, events }: PlannedJob, { accepted }: Written): IntakeAnswer {
  return {
    kind: 'accepted',
    events: events.map(({ event, deliveries }) => acceptedEvent(event, deliveries.length)),
    known: job.events.filter((_, index) => !accepted.has(events[index]!)),
    deliveryIds: events.flatMap(({ deliveries }) => deliveries.map(({ id }) => id)),
  };
}
