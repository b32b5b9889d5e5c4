import type { Database, DatabaseClient } from '#libs/database';
import type { PlannedJob } from './fan-out.js';
import { acceptedEvent, type IdempotentRequest, type IntakeAnswer, type IntakeJob } from './intake-job.js';
import { RESERVE_KEYS } from './intake.sql.js';

/** Jobs whose idempotency key belongs to an earlier request. */
export interface ReservedKeys {
  readonly taken: ReadonlySet<IntakeJob>;
}

type IdempotentJob = IntakeJob & { readonly idempotency: IdempotentRequest };
type KeyedJob = PlannedJob & { readonly job: IdempotentJob };

/** Reserves the keys of these jobs together with their answers, inside the transaction that accepts the events. */
export async function reserveKeys(
  client: DatabaseClient,
  plan: readonly PlannedJob[],
): Promise<ReservedKeys> {
  const keyed = plan.filter(isKeyed);
  if (keyed.length === 0) return { taken: new Set() };
  const first = new Map<string, KeyedJob>();
  for (const planned of keyed) {
    const key = keyOf(planned.job.idempotency);
    if (!first.has(key)) first.set(key, planned);
  }
  const candidates = [...first.values()];
  const rows = await client.query<{ tenant_id: string; key: string }>(RESERVE_KEYS, [
    candidates.map(({ job: { idempotency } }) => idempotency.tenantId),
    candidates.map(({ job: { idempotency } }) => idempotency.key),
    candidates.map(({ job: { idempotency } }) => idempotency.requestHash),
    candidates.map((planned) => JSON.stringify(responseOf(planned))),
  ]);
  const won = new Set(rows.map(({ tenant_id, key }) => `${tenant_id}/${key}`));
  const isTaken = (planned: KeyedJob): boolean => {
    const key = keyOf(planned.job.idempotency);
    return first.get(key) !== planned || !won.has(key);
  };
  return { taken: new Set(keyed.filter(isTaken).map(({ job }) => job)) };
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

function responseOf({ job, events }: KeyedJob): unknown {
  return job.idempotency.respond(
    events.map(({ event, deliveries }) => acceptedEvent(event, deliveries.length)),
  );
}

function isKeyed(planned: PlannedJob): planned is KeyedJob {
  return isIdempotent(planned.job);
}

function isIdempotent(job: IntakeJob): job is IdempotentJob {
  return job.idempotency !== undefined;
}

function keyOf({ tenantId, key }: IdempotentRequest): string {
  return `${tenantId}/${key}`;
}
