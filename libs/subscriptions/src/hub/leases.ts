import { Injectable, Logger } from '@nestjs/common';
import { noteBySystem } from '#libs/audit';
import { Database } from '#libs/database';
import { ID_PREFIX, RoundLoop, toTypeId, WakeSignal } from '#libs/kernel';
import type { Owned } from '../caller.js';

/** No lease is shorter, so one that is made after a round ends after the next has begun. */
const ROUND_MS = 60_000;
const BATCH = 100;

const END_DUE = `
WITH over AS (
  SELECT id FROM subscription WHERE lease_until <= now() AND deleted_at IS NULL
  ORDER BY lease_until LIMIT ${BATCH} FOR UPDATE SKIP LOCKED
), ended AS (
  UPDATE subscription s SET deleted_at = now(), updated_at = now(), version = version + 1
  FROM over WHERE s.id = over.id RETURNING s.tenant_id AS "tenantId", s.id
), erased AS (
  DELETE FROM subscription_secret s USING ended e WHERE s.subscription_id = e.id
)
SELECT "tenantId", id FROM ended`;

const IS_ANY_DUE = 'SELECT 1 FROM subscription WHERE lease_until <= now() AND deleted_at IS NULL LIMIT 1';

const NEXT = `
SELECT ceil(extract(epoch FROM min(lease_until) - now()) * 1000)::float8 AS ms
FROM subscription WHERE lease_until IS NOT NULL AND deleted_at IS NULL`;

/** Ends each subscription with its lease, unless its subscriber has renewed it. */
@Injectable()
export class Leases {
  private readonly logger = new Logger(Leases.name);
  private readonly loop = new RoundLoop(new WakeSignal(), () => this.round());

  constructor(private readonly database: Database) {}

  start(): void {
    this.loop.start();
  }

  stop(): Promise<void> {
    return this.loop.stop();
  }

  /** Ends those whose lease is over; returns how many there were. */
  async endDue(): Promise<number> {
    // Mostly there is none, and then there is nothing to write.
    if ((await this.database.query(IS_ANY_DUE)).length === 0) return 0;
    return this.database.transaction(async (tx) => {
      const ended = await tx.query<Owned>(END_DUE);
      for (const { tenantId, id } of ended) {
        const path = `/v1/subscriptions/${toTypeId(ID_PREFIX.subscription, id)}`;
        await noteBySystem(tx, { tenantId, operation: 'endLease', path, reason: 'lease_expired' });
      }
      return ended.length;
    });
  }

  private async round(): Promise<number> {
    try {
      if ((await this.endDue()) === BATCH) return 0;
      const [row] = await this.database.query<{ ms: number | null }>(NEXT);
      return Math.min(ROUND_MS, Math.max(1, row?.ms ?? ROUND_MS));
    } catch (error) {
      this.logger.warn(`Leases cannot be ended now: ${String(error)}`);
      return ROUND_MS;
    }
  }
}
