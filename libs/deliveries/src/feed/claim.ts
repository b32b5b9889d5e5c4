import { Injectable } from '@nestjs/common';
import { columnOf, Database } from '#libs/database';
import { SubscriptionDirectory } from '#libs/subscriptions';
import { DatabaseClock } from '../database-clock.js';
import { type FramedEvent, INLINE_BYTES, type LeasedDelivery } from '../dispatch/delivery-frame.js';
import { Turns } from '../dispatch/turns.js';
import { LEASE_MARGIN_MS } from '../intake/fan-out.js';
import { CLAIM, CLAIM_ROWS } from './feed.sql.js';
import { FIND_DUE } from './find.sql.js';
import { dealShares, type Share, type Waiting } from './shares.js';

/** Subscriptions that one search looks at: about 5 ms, however many there are. */
const SEARCH_HOPS = 500;
/** While there is work, new work of others is looked for this often. */
const SEARCH_EVERY_MS = 50;
/** But for a twentieth of the time at most: a search walks over what was done since the last one. */
const SEARCH_REST = 20;
/** A search that had to wait for PostgreSQL is no reason to leave others unseen for long. */
const MAX_SEARCH_REST_MS = 1000;
/** Subscriptions that are not active any more; what they left is put aside by whoever gets it. */
const NO_TENANT = '';
const FIRST_UUID = '00000000-0000-0000-0000-000000000000';

interface FoundRow {
  readonly due: string[];
  readonly in_ms: number | null;
  readonly ended_at: string | null;
}

interface DeliveryColumns {
  readonly id: string;
  readonly subscription_id: string;
  readonly fence: number;
  readonly attempt_count: number;
  /** How long the lease is, from the time of the claim, which the first row has. */
  readonly lease_ms: number;
  readonly now: Date | null;
  readonly is_probe: boolean;
  readonly event_id: string;
  readonly tenant_id: string;
}

interface EventColumns {
  readonly type: string;
  readonly subject: string | null;
  readonly occurred_at: Date;
  readonly data: Buffer | null;
}

/** Of the deliveries of one event, the first has its columns. */
type ClaimedRow = DeliveryColumns & (EventColumns | { readonly type: null });

/** Deliveries that are leased to this process now. */
export interface Claimed {
  readonly deliveries: readonly LeasedDelivery[];
  /** Those that half-open circuits let through. */
  readonly probes: readonly LeasedDelivery[];
}

/** Finds subscriptions with something due and takes leases on it, each tenant's and each subscription's share in turn. */
@Injectable()
export class DueDeliveries {
  private readonly waiting = new Turns<Waiting>();
  private searchFrom = FIRST_UUID;
  private nextSearchAt = 0;
  private nextDueAt = Infinity;

  constructor(
    private readonly database: Database,
    private readonly clock: DatabaseClock,
    private readonly directory: SubscriptionDirectory,
  ) {}

  /** The next due deliveries, of each subscription no more than there is room for; none when nothing is due. */
  async claim(roomOf: (subscriptionId: string) => number): Promise<Claimed> {
    await this.search();
    const shares = dealShares(this.waiting, CLAIM_ROWS, roomOf);
    if (shares.length === 0) return { deliveries: [], probes: [] };
    const rows = await this.take(shares);
    this.standInLineAgain(shares, rows);
    return toClaimed(rows);
  }

  /** How long nothing is due, as far as the last search has seen. */
  nextDueInMs(): number {
    return this.waiting.isEmpty ? this.nextDueAt - performance.now() : 0;
  }

  /** With nobody in line all subscriptions are looked at, else some of them once in a while. */
  private async search(): Promise<void> {
    const startedAt = performance.now();
    if (!this.waiting.isEmpty && startedAt < this.nextSearchAt) return;
    // From the middle it takes a second pass to have seen all of them.
    let passes = this.searchFrom === FIRST_UUID ? 1 : 2;
    do {
      await this.searchOnce();
      if (this.searchFrom === FIRST_UUID) passes -= 1;
    } while (this.waiting.isEmpty && passes > 0);
    const endedAt = performance.now();
    const restMs = Math.max(SEARCH_EVERY_MS, SEARCH_REST * (endedAt - startedAt));
    this.nextSearchAt = endedAt + Math.min(restMs, MAX_SEARCH_REST_MS);
  }

  private async searchOnce(): Promise<void> {
    if (this.searchFrom === FIRST_UUID) this.nextDueAt = Infinity;
    const [found] = await this.database.query<FoundRow>(FIND_DUE, [this.searchFrom, SEARCH_HOPS]);
    if (found === undefined) return;
    this.searchFrom = found.ended_at ?? FIRST_UUID;
    this.nextDueAt = Math.min(this.nextDueAt, performance.now() + (found.in_ms ?? Infinity));
    for (const subscriptionId of found.due) {
      const tenantId = this.directory.target(subscriptionId)?.tenantId ?? NO_TENANT;
      this.waiting.add({ tenantId, subscriptionId });
    }
  }

  private async take(shares: readonly Share[]): Promise<ClaimedRow[]> {
    const sentAt = performance.now();
    const rows = await this.database.query<ClaimedRow>(CLAIM, [
      columnOf('uuid', shares, ({ subscriptionId }) => subscriptionId),
      columnOf('int', shares, (share) => share.rows),
      LEASE_MARGIN_MS,
      INLINE_BYTES,
    ]);
    if (rows[0]?.now) this.clock.learn(rows[0].now, sentAt);
    return rows;
  }

  private standInLineAgain(shares: readonly Share[], rows: readonly ClaimedRow[]): void {
    const counts = new Map<string, number>();
    for (const { subscription_id: id } of rows) counts.set(id, (counts.get(id) ?? 0) + 1);
    // Whoever had more than its share has more to come.
    for (const share of shares) if (counts.get(share.subscriptionId) === share.rows) this.waiting.add(share);
  }
}

/** Deliveries of one event share its object, and with it its body. One whose event is gone is nobody's any more. */
function toClaimed(rows: readonly ClaimedRow[]): Claimed {
  const claimed = { deliveries: [] as LeasedDelivery[], probes: [] as LeasedDelivery[] };
  const claimedAt = rows[0]?.now?.getTime() ?? 0;
  const events = new Map<string, FramedEvent>();
  for (const row of rows) {
    // Two tenants may use one id.
    const key = `${row.tenant_id} ${row.event_id}`;
    if (row.type !== null) events.set(key, toEvent(row));
    const event = events.get(key);
    if (event === undefined) continue;
    (row.is_probe ? claimed.probes : claimed.deliveries).push({
      id: row.id,
      subscriptionId: row.subscription_id,
      fence: row.fence,
      attemptCount: row.attempt_count,
      leaseUntilMs: claimedAt + row.lease_ms,
      event,
    });
  }
  return claimed;
}

function toEvent(row: DeliveryColumns & EventColumns): FramedEvent {
  const { event_id: id, tenant_id: tenantId, type, subject, occurred_at: timestamp, data } = row;
  return { id, tenantId, type, subject, timestamp, data };
}
