import { newId } from '#libs/kernel';

/** A transaction, of whichever driver. */
interface Transaction {
  query(statement: string, values: unknown[]): Promise<unknown>;
}

export interface SystemChange {
  readonly tenantId: string;
  readonly operation: string;
  readonly path: string;
  readonly reason: string;
}

const NOTE = `
INSERT INTO audit_log (id, tenant_id, operation, path, outcome, reason) VALUES ($1, $2, $3, $4, 'done', $5)`;

/** Notes what the platform does by itself, in the transaction in which it does it. */
export async function noteBySystem(
  tx: Transaction,
  { tenantId, operation, path, reason }: SystemChange,
): Promise<void> {
  await tx.query(NOTE, [newId(), tenantId, operation, path, reason]);
}
