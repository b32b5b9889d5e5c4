import { Injectable } from '@nestjs/common';
import { Database, type DatabaseClient } from '#libs/database';
import { removeFromOutbox } from '#libs/outbox';
import { SubscriptionDirectory } from '#libs/subscriptions';
import { Coalescer } from '../coalescer.js';
import { DatabaseClock } from '../database-clock.js';
import { EngineMetrics } from '../engine-metrics.js';
import type { LeasedDelivery } from '../dispatch/delivery-frame.js';
import { HandOff } from '../hand-off.js';
import { deliveriesPerEvent, type DeliveryPlan, planDeliveries } from './fan-out.js';
import { insertEvents } from './insert-events.js';
import { type ReservedKeys, repeatedAnswers, reserveKeys } from './idempotency.js';
import { acceptedEvent, type IntakeAnswer, type IntakeJob } from './intake-job.js';
import { SHARE_DIRECTORY } from './intake.sql.js';

/** The snapshot that deliveries were planned with is no longer the directory. */
class DirectoryMoved extends Error {}

interface Written {
  readonly plan: DeliveryPlan;
  readonly reserved: ReservedKeys;
  /** Ids of the events that were new. */
  readonly accepted: ReadonlySet<string>;
  readonly databaseTime: Date;
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
    // A delivery row weighs about 256 bytes; one event with ten thousand matches fills a batch by itself.
    return job.events.reduce(
      (sum, event) =>
        sum + event.data.length + 256 * this.directory.matching(event.tenantId, event.type).length,
      256,
    );
  }

  private async acceptBatch(jobs: readonly IntakeJob[]): Promise<IntakeAnswer[]> {
    const sentAt = performance.now();
    const written = await this.writeOnCurrentDirectory(jobs);
    this.clock.learn(written.databaseTime, sentAt);
    this.metrics.accepted(written.accepted.size);
    this.sendLeased(written);
    const repeated = await repeatedAnswers(this.database, jobs, written.reserved);
    return jobs.map((job) => repeated.get(job) ?? answerOf(job, written));
  }

  /** A change of the directory between planning and writing shows in its version: plan again, it is rare. */
  private async writeOnCurrentDirectory(jobs: readonly IntakeJob[]): Promise<Written> {
    for (;;) {
      // Read before planning: the directory may move on by itself while the transaction begins.
      const { version } = this.directory;
      const plan = planDeliveries(jobs, this.directory, this.handOff.isOpen());
      try {
        return await this.database.transaction((client) => this.write(client, jobs, { plan, version }));
      } catch (error) {
        if (!(error instanceof DirectoryMoved)) throw error;
        await this.directory.refresh();
      }
    }
  }

  private async write(
    client: DatabaseClient,
    jobs: readonly IntakeJob[],
    { plan, version }: { readonly plan: DeliveryPlan; readonly version: string },
  ): Promise<Written> {
    await client.query(SHARE_DIRECTORY);
    const reserved = await reserveKeys(client, jobs, plan);
    const fresh = jobs.filter((job) => !reserved.taken.has(job));
    const inserted = await insertEvents(client, fresh, plan);
    if (inserted.version !== version) throw new DirectoryMoved();
    await leaveOutboxes(client, jobs);
    if (fresh.some((job) => plan.get(job)?.some(({ isHeld, leaseMs }) => !isHeld && leaseMs === 0))) {
      await client.query(`SELECT pg_notify('bellhop_due', '')`);
    }
    return { plan, reserved, accepted: new Set(inserted.accepted), databaseTime: inserted.now };
  }

  private sendLeased({ plan, reserved, accepted, databaseTime }: Written): void {
    const leased: LeasedDelivery[] = [];
    for (const [job, planned] of plan) {
      if (reserved.taken.has(job)) continue;
      for (const { delivery, leaseMs } of planned) {
        if (leaseMs === 0 || !accepted.has(delivery.event.id)) continue;
        leased.push({ ...delivery, leaseUntilMs: databaseTime.getTime() + leaseMs });
      }
    }
    // Not awaited: the events are accepted, and what the broker does not take is fed again when its lease is over.
    if (leased.length > 0) void this.handOff.send(leased);
  }
}

async function leaveOutboxes(client: DatabaseClient, jobs: readonly IntakeJob[]): Promise<void> {
  const idsOf = new Map<string, string[]>();
  for (const { outbox, events } of jobs) {
    if (outbox === undefined) continue;
    const ids = idsOf.get(outbox) ?? [];
    ids.push(...events.map(({ id }) => id));
    idsOf.set(outbox, ids);
  }
  for (const [outbox, ids] of idsOf) await removeFromOutbox(client, outbox, ids);
}

function answerOf(job: IntakeJob, { plan, accepted }: Written): IntakeAnswer {
  const counts = deliveriesPerEvent(plan.get(job) ?? []);
  return {
    kind: 'accepted',
    events: job.events.map((event) => acceptedEvent(event, counts.get(event.id) ?? 0)),
    known: job.events.filter(({ id }) => !accepted.has(id)),
    deliveryIds: (plan.get(job) ?? []).map(({ delivery }) => delivery.id),
  };
}
