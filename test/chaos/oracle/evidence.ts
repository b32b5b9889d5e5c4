import type { Sql } from '../platform/postgres-control.js';
import type { Endpoint } from '../sink/endpoint.js';
import { isSuccess } from '../sink/sink-log.js';

/** A subscription of the case: who gets which events, and where. */
export interface Wish {
  readonly subscriptionId: string;
  readonly type: string;
  readonly endpoint: Endpoint;
}

/** A row of `delivery`, with its attempts counted; times in seconds from now, negative in the past. */
export interface DeliveryEvidence {
  readonly id: string;
  readonly event_id: string;
  readonly subscription_id: string;
  readonly status: 'pending' | 'delivered' | 'exhausted' | 'discarded';
  readonly reason: string | null;
  readonly fence: number;
  readonly attempts: number;
  /** Null: nobody has it in hand. */
  readonly lease_in: number | null;
  /** Null: it is on its way, or over; 'infinity' comes as a very large number. */
  readonly due_in: number | null;
}

/** What one endpoint saw of one event. */
export interface Seen {
  requests: number;
  successes: number;
  isVerified: boolean;
  readonly digests: Set<string>;
}

/** A delivery that nobody would have picked up any more. */
export interface Repaired {
  readonly event_id: string;
  readonly kind: string;
}

/** Everything that is known of a case's events, from the database and from the sink. */
export interface Evidence {
  /** UUIDs that are durable: in `event`, or still in the outbox. */
  readonly events: ReadonlySet<string>;
  readonly inOutbox: ReadonlySet<string>;
  readonly deliveries: readonly DeliveryEvidence[];
  /** Of these events reconciliation has written a delivery again or made one due, with what it found. */
  readonly repaired: readonly Repaired[];
  /** By subscription, then by webhook-id. */
  readonly seen: ReadonlyMap<string, ReadonlyMap<string, Seen>>;
}

const DELIVERIES = `
SELECT d.id, d.event_id, d.subscription_id, d.status, d.reason, d.fence,
  (SELECT count(*)::int FROM delivery_attempt a WHERE a.delivery_id = d.id) AS attempts,
  extract(epoch FROM d.lease_until - now())::float8 AS lease_in,
  CASE WHEN d.next_attempt_at = 'infinity' THEN 1e12
    ELSE extract(epoch FROM d.next_attempt_at - now())::float8 END AS due_in
FROM delivery d WHERE d.event_type = ANY($1)`;

const REPAIRED = `
SELECT r.event_id, r.kind FROM reconciliation_difference r JOIN event e ON e.id = r.event_id
WHERE r.repaired_at IS NOT NULL AND e.type = ANY($1)`;

export async function gather(sql: Sql, wishes: readonly Wish[], types: readonly string[]): Promise<Evidence> {
  const ids = async (text: string): Promise<Set<string>> =>
    new Set((await sql.read<{ id: string }>(text, [types])).map(({ id }) => id));
  const deliveries = await sql.read<DeliveryEvidence>(DELIVERIES, [types]);
  const accepted = await ids('SELECT id FROM event WHERE type = ANY($1)');
  const inOutbox = await ids('SELECT id FROM guestbook.outbox_message WHERE type = ANY($1)');
  const repaired = await sql.read<Repaired>(REPAIRED, [types]);
  const seen = new Map<string, Map<string, Seen>>();
  for (const { subscriptionId, endpoint } of wishes) seen.set(subscriptionId, await seenAt(endpoint));
  return { events: new Set([...accepted, ...inOutbox]), inOutbox, deliveries, repaired, seen };
}

async function seenAt(endpoint: Endpoint): Promise<Map<string, Seen>> {
  const seen = new Map<string, Seen>();
  for (const { id, isVerified, digest } of await endpoint.requests()) {
    const one = seen.get(id) ?? { requests: 0, successes: 0, isVerified: true, digests: new Set() };
    one.requests += 1;
    one.isVerified &&= isVerified;
    one.digests.add(digest);
    seen.set(id, one);
  }
  for (const answer of await endpoint.answers()) {
    const one = seen.get(answer.id);
    if (one !== undefined && isSuccess(answer)) one.successes += 1;
  }
  return seen;
}
