import { Turns } from '../dispatch/turns.js';

/** A subscription that has something due. */
export interface Waiting {
  readonly tenantId: string;
  readonly subscriptionId: string;
}

/** How many rows a claim may take of a subscription. */
export interface Share extends Waiting {
  readonly rows: number;
}

/** A subscription's turn brings at least so many rows: a statement for each handful would cost more than they do. */
export const SHARE_ROWS = 50;

/**
 * Takes the next subscriptions out of the line and deals the rows of a claim to them: the same part to each tenant, and
 * of that the same part to each of its subscriptions, but no more than there is room for.
 */
export function dealShares(
  waiting: Turns<Waiting>,
  rows: number,
  roomOf: (subscriptionId: string) => number,
): Share[] {
  const ofTenant = Math.ceil(rows / Math.max(1, waiting.tenantCount));
  const left = new Map<string, number>();
  const shares: Share[] = [];
  let dealt = 0;
  while (dealt < rows) {
    const next = waiting.take();
    if (next === undefined) break;
    const { tenantId, subscriptionId } = next;
    const own = left.get(tenantId) ?? ofTenant;
    const part = Math.max(SHARE_ROWS, Math.ceil(own / (waiting.sizeOf(tenantId) + 1)));
    const share = Math.min(part, roomOf(subscriptionId), rows - dealt);
    // Without room it is out of the line until it is found again.
    if (share <= 0) continue;
    left.set(tenantId, own - share);
    dealt += share;
    shares.push({ tenantId, subscriptionId, rows: share });
  }
  return shares;
}
