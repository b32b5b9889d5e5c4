import { columnOf, type DatabaseClient } from '#libs/database';
import { newId } from '#libs/kernel';
import type { Difference } from './difference-kind.js';
import { INSERT_MISSING, MAKE_DUE, NOTE_REPAIRED } from './repair.sql.js';

/** Writes what is missing and makes due what is stuck or held; the feeders hear of it with the commit. */
export async function repair(tx: DatabaseClient, differences: readonly Difference[]): Promise<void> {
  const missing = differences.filter(({ kind }) => kind === 'delivery_missing');
  const waiting = differences.filter(({ kind }) => kind !== 'delivery_missing');
  if (missing.length > 0) {
    await tx.query(INSERT_MISSING, [
      columnOf('uuid', missing, () => newId()),
      columnOf('uuid', missing, ({ tenantId }) => tenantId),
      columnOf('uuid', missing, ({ eventId }) => eventId),
      columnOf('uuid', missing, ({ subscriptionId }) => subscriptionId),
    ]);
  }
  if (waiting.length > 0) {
    await tx.query(MAKE_DUE, [
      columnOf('uuid', waiting, ({ tenantId }) => tenantId),
      columnOf('uuid', waiting, ({ deliveryId }) => deliveryId),
    ]);
  }
  await tx.query(NOTE_REPAIRED, [
    columnOf('text', differences, ({ kind }) => kind),
    columnOf('uuid', differences, ({ eventId }) => eventId),
    columnOf('uuid', differences, ({ subscriptionId }) => subscriptionId),
  ]);
  await tx.query(`SELECT pg_notify('bellhop_due', '')`);
}
