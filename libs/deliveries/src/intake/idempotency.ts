import type { Database, DatabaseClient } from '#libs/database';
import { deliveriesPerEvent, type DeliveryPlan } from './fan-out.js';
import { acceptedEvent, type IdempotentRequest, type IntakeAnswer, type IntakeJob } from './intake-job.js';
import { RESERVE_KEYS } from './intake.sql.js';

/** Jobs whose idempotency key belongs to an earlier request. */
export interface ReservedKeys {
  readonly taken: ReadonlySet<IntakeJob>;
}

type IdempotentJob = IntakeJob & { readonly idempotency: IdempotentRequest };

/** Reserves the keys of these jobs together with their answers, inside the transaction that accepts the events. */
export async function reserveKeys(
  client: DatabaseClient,
  jobs: readonly IntakeJob[],
  plan: DeliveryPlan,
): Promise<ReservedKeys> {
  const keyed = jobs.filter(isIdempotent);
  if (keyed.length === 0) return { taken: new Set() };
  const first = new Map<string, IdempotentJob>();
  for (const job of keyed) if (!first.has(keyOf(job.idempotency))) first.set(keyOf(job.idempotency), job);
  const candidates = [...first.values()];
  const rows = await client.query<{ tenant_id: string; key: string }>(RESERVE_KEYS, [
    candidates.map(({ idempotency }) => idempotency.tenantId),
    candidates.map(({ idempotency }) => idempotency.key),
    candidates.map(({ idempotency }) => idempotency.requestHash),
    candidates.map((job) => JSON.stringify(responseOf(job, plan))),
  ]);
  const won = new Set(rows.map(({ tenant_id, key }) => `${tenant_id}/${key}`));
  return {
    taken: new Set(
      keyed.filter((job) => first.get(keyOf(job.idempotency)) !== job || !won.has(keyOf(job.idempotency))),
    ),
  };
}

/** What was stored under the keys that were taken; read after the transaction, so that twins in one batch see it too. */
export async function repeatedAnswers(
  database: Database,
  jobs: readonly IntakeJob[],
  reserved: ReservedKeys,
): Promise<Map<IntakeJob, IntakeAnswer>> {
  const answers = new Map<IntakeJob, IntakeAnswer>();
  if (reserved.taken.size === 0) return answers;
  for (const job of jobs.filter(isIdempotent).filter((candidate) => reserved.taken.has(candidate))) {
    const [row] = await database.query<{ request_hash: Buffer; response: unknown }>(
      'SELECT request_hash, response FROM idempotency_key WHERE tenant_id = $1 AND key = $2',
      [job.idempotency.tenantId, job.idempotency.key],
    );
    if (row === undefined) throw new Error('an idempotency key was taken and is gone');
    answers.set(job, { kind: 'repeated', requestHash: row.request_hash, response: row.response });
  }
  return answers;
}

function responseOf(job: IdempotentJob, plan: DeliveryPlan): unknown {
  const counts = deliveriesPerEvent(plan.get(job) ?? []);
  return job.idempotency.respond(job.events.map((event) => acceptedEvent(event, counts.get(event.id) ?? 0)));
}

function isIdempotent(job: IntakeJob): job is IdempotentJob {
  return job.idempotency !== undefined;
}

function keyOf({ tenantId, key }: IdempotentRequest): string {
  return `${tenantId}/${key}`;
}
