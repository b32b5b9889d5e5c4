import { type DatabaseClient, plainArray } from '#libs/database';
import { newId } from '#libs/kernel';
import type { Difference } from './difference-kind.js';
import { INSERT_MISSING, MAKE_DUE, NOTE_REPAIRED } from './repair.sql.js';

/** Writes what is missing and makes due what is stuck or held; the feeders hear of it with the commit. */
export async function repair(tx: DatabaseClient, differences: readonly Difference[]): Promise<void> {
  const missing = differences.filter(({ kind }) => kind === 'delivery_missing');
  const waiting = differences.filter(({ kind }) => kind !== 'delivery_missing');
  if (missing.length > 0) {
    await tx.query(INSERT_MISSING, [
      plainArray(missing.map(() => newId())),
      plainArray(missing.map(({ tenantId }) => tenantId)),
      plainArray(missing.map(({ eventId }) => eventId)),
      plainArray(missing.map(({ subscriptionId }) => subscriptionId)),
    ]);
  }
  if (waiting.length > 0) {
    await tx.query(MAKE_DUE, [
      plainArray(waiting.map(({ tenantId }) => tenantId)),
      plainArray(waiting.map(({ deliveryId }) => deliveryId)),
    ]);
  }
  await tx.query(NOTE_REPAIRED, [
    plainArray(differences.map(({ kind }) => kind)),
    plainArray(differences.map(({ eventId }) => eventId)),
    plainArray(differences.map(({ subscriptionId }) => subscriptionId)),
  ]);
  await tx.query(`SELECT pg_notify('bellhop_due', '')`);
}
