import type { EntityManager } from 'typeorm';
import { noteBySystem } from '#libs/audit';
import { ID_PREFIX, toTypeId } from '#libs/kernel';
import type { Subscription } from './entities/subscription.entity.js';
import { assign, type Assignments } from './subscription-store.js';

/** What the platform does to a subscription that it may not send to any more, and why. */
export interface Stop {
  readonly status: 'paused' | 'disabled';
  readonly reason: string;
  /** What else is set. */
  readonly also?: Assignments;
}

const OPERATIONS = { paused: 'pauseSubscription', disabled: 'disableSubscription' } as const;

/** Stops a subscription whose row is locked, and writes it into the audit log in the same transaction. */
export async function stopBySystem(
  tx: EntityManager,
  row: Subscription,
  { status, reason, also = {} }: Stop,
): Promise<void> {
  await assign(tx, row, { ...also, status, statusReason: reason });
  const path = `/v1/subscriptions/${toTypeId(ID_PREFIX.subscription, row.id)}`;
  await noteBySystem(tx, { tenantId: row.tenantId, operation: OPERATIONS[status], path, reason });
}
