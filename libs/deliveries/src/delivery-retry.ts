import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { AppError, fromTypeId, ID_PREFIX } from '#libs/kernel';
import { CircuitBreaker } from './gate/circuit-breaker.js';
import { DeliveryLog } from './log/delivery-log.js';
import type { DeliveryView } from './log/delivery-view.js';

/** A live lease is left alone: its attempt is on its way, and its outcome must not be lost. */
const RETRY = `
UPDATE delivery SET status = 'pending', reason = NULL, next_attempt_at = now(), lease_until = NULL
WHERE id = $1 AND tenant_id = $2 AND (status <> 'pending' OR lease_until IS NULL OR lease_until <= now())
RETURNING id`;

/** Sends a delivery again on request, whatever became of it. */
@Injectable()
export class DeliveryRetry {
  constructor(
    private readonly database: Database,
    private readonly log: DeliveryLog,
    private readonly breaker: CircuitBreaker,
  ) {}

  /**
   * Makes the delivery due now and closes its subscription's circuit; with one on its way already, that one is the
   * answer. 404 for another tenant's.
   */
  async retry(tenantId: string, id: string): Promise<DeliveryView> {
    const { subscriptionId } = await this.log.get(tenantId, id);
    await this.refuseWithoutSubscription(subscriptionId);
    await this.breaker.close(fromTypeId(ID_PREFIX.subscription, subscriptionId) ?? '');
    await this.database.query(RETRY, [fromTypeId(ID_PREFIX.delivery, id), tenantId]);
    await this.database.query(`SELECT pg_notify('bellhop_due', '')`);
    const { attempts: _attempts, attemptsNote: _note, ...view } = await this.log.get(tenantId, id);
    return view;
  }

  private async refuseWithoutSubscription(subscriptionId: string): Promise<void> {
    const [row] = await this.database.query<{ is_deleted: boolean }>(
      'SELECT deleted_at IS NOT NULL AS is_deleted FROM subscription WHERE id = $1',
      [fromTypeId(ID_PREFIX.subscription, subscriptionId)],
    );
    if (row !== undefined && !row.is_deleted) return;
    const message = 'The subscription of this delivery was deleted; there is nowhere to send it.';
    throw new AppError('conflict', 'subscription_deleted', message);
  }
}
