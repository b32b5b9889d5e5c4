import type { DatabaseClient } from '#libs/database';
import type { OutboxRow } from './outbox-row.js';
import { knownOutboxSchema } from './outbox-schemas.js';

/** Rows that belong to one relay until the lease ends. */
export interface Claim {
  readonly rows: readonly OutboxRow[];
  /** End of the lease in the database's own words, exact to the microsecond: it also tells one claim from another. */
  readonly leaseUntil: string | null;
}

export interface ClaimLimits {
  readonly rows: number;
  readonly bytes: number;
  readonly leaseMs: number;
}

interface ClaimedRow {
  readonly id: string;
  readonly tenant_id: string;
  readonly type: string;
  readonly subject: string | null;
  readonly occurred_at: Date;
  readonly data: Buffer;
  readonly lease: string;
}

/**
 * Takes the oldest free rows. By state, never by `id > last seen`: transactions commit in another order than they
 * took their ids, and a cursor would step over the late ones for good.
 */
export async function claimRows(client: DatabaseClient, schema: string, limits: ClaimLimits): Promise<Claim> {
  const found = await client.query<ClaimedRow>(claimSql(knownOutboxSchema(schema)), [
    limits.rows,
    limits.bytes,
    limits.leaseMs,
  ]);
  return { rows: found.map(toRow), leaseUntil: found[0]?.lease ?? null };
}

/** The sum is running, so that one claim never holds more than `bytes` in memory; the first row always fits. */
function claimSql(schema: string): string {
  return `
WITH free AS MATERIALIZED (
  SELECT id, octet_length(data) AS size FROM ${schema}.outbox_message
  WHERE lease_until IS NULL OR lease_until < now()
  ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED
), taken AS MATERIALIZED (
  SELECT id FROM (SELECT id, size, sum(size) OVER (ORDER BY id) AS total FROM free) AS sums
  WHERE total <= $2 OR total = size
), claimed AS (
  UPDATE ${schema}.outbox_message AS message
  SET lease_until = now() + $3 * interval '1 millisecond'
  FROM taken WHERE message.id = taken.id
  RETURNING message.id, message.tenant_id, message.type, message.subject, message.occurred_at, message.data,
    message.lease_until::text AS lease
)
SELECT * FROM claimed ORDER BY id`;
}

function toRow(row: ClaimedRow): OutboxRow {
  const { id, type, subject, data } = row;
  return { id, tenantId: row.tenant_id, type, subject, occurredAt: row.occurred_at, data };
}

/** Gives rows back at once; rows that somebody else has claimed since stay theirs. */
export async function releaseRows(
  client: DatabaseClient,
  schema: string,
  claim: ReleasedRows,
): Promise<void> {
  await client.query(
    `UPDATE ${knownOutboxSchema(schema)}.outbox_message SET lease_until = NULL
     WHERE id = ANY($1::uuid[]) AND lease_until = $2::timestamptz`,
    [claim.ids, claim.leaseUntil],
  );
}

export interface ReleasedRows {
  readonly ids: readonly string[];
  readonly leaseUntil: string | null;
}

/**
 * Removes accepted events. Called inside the transaction that accepts them, so that an event is always either in the
 * outbox or accepted, whatever dies in between; a lost broker message only means that the relay sends it again.
 */
export async function removeFromOutbox(
  client: DatabaseClient,
  schema: string,
  eventIds: readonly string[],
): Promise<void> {
  await client.query(`DELETE FROM ${knownOutboxSchema(schema)}.outbox_message WHERE id = ANY($1::uuid[])`, [
    eventIds,
  ]);
}
