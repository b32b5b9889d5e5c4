import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { DatabaseClock } from '../database-clock.js';
import { type FramedEvent, INLINE_BYTES, type LeasedDelivery } from '../dispatch/delivery-frame.js';
import { LEASE_MARGIN_MS } from '../intake/fan-out.js';
import { CLAIM } from './feed.sql.js';

/** Rows of one claim: at 500 it costs 5 ms however large the backlog is. */
const CLAIM_ROWS = 500;
/** Rows of one subscription in one claim; with more than ten subscriptions waiting, all of them get a share. */
const SHARE_ROWS = 50;
const FIRST_UUID = '00000000-0000-0000-0000-000000000000';

interface ClaimedRow {
  readonly id: string;
  readonly subscription_id: string;
  readonly fence: number;
  readonly attempt_count: number;
  readonly lease_until: Date;
  readonly now: Date;
  readonly event_id: string;
  readonly tenant_id: string;
  readonly type: string;
  readonly subject: string | null;
  readonly occurred_at: Date;
  readonly data: Buffer | null;
}

/** Takes leases on due deliveries, each subscription's share in turn. */
@Injectable()
export class DueDeliveries {
  private after = FIRST_UUID;

  constructor(
    private readonly database: Database,
    private readonly clock: DatabaseClock,
  ) {}

  /** The next due deliveries, leased; none of the subscriptions that are named as congested. */
  async claim(congested: readonly string[]): Promise<LeasedDelivery[]> {
    const startedAfter = this.after;
    const sentAt = performance.now();
    const rows = await this.database.query<ClaimedRow>(CLAIM, [
      startedAfter,
      congested,
      SHARE_ROWS,
      CLAIM_ROWS,
      LEASE_MARGIN_MS,
      INLINE_BYTES,
    ]);
    if (rows[0] !== undefined) this.clock.learn(rows[0].now, sentAt);
    this.after = rows.length < CLAIM_ROWS ? FIRST_UUID : lastSubscription(rows);
    if (rows.length === 0 && startedAfter !== FIRST_UUID) return this.claim(congested);
    return toLeased(rows);
  }
}

function lastSubscription(rows: readonly ClaimedRow[]): string {
  return rows.reduce(
    (last, { subscription_id }) => (subscription_id > last ? subscription_id : last),
    FIRST_UUID,
  );
}

/** Deliveries of one event share its object, and with it its body. */
function toLeased(rows: readonly ClaimedRow[]): LeasedDelivery[] {
  const events = new Map<string, FramedEvent>();
  return rows.map((row) => {
    const event = events.get(row.event_id) ?? {
      id: row.event_id,
      tenantId: row.tenant_id,
      type: row.type,
      subject: row.subject,
      timestamp: row.occurred_at,
      data: row.data,
    };
    events.set(row.event_id, event);
    return {
      id: row.id,
      subscriptionId: row.subscription_id,
      fence: row.fence,
      attemptCount: row.attempt_count,
      leaseUntilMs: row.lease_until.getTime(),
      event,
    };
  });
}
