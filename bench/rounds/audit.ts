import { setTimeout as pause } from 'node:timers/promises';
import type { Counts, Platform } from '../case.js';

const SETTLE_MS = 15_000;
const PENDING = `SELECT count(*)::int AS count FROM delivery WHERE status = 'pending'`;
const WITHOUT_ATTEMPT = `
SELECT count(*)::int AS count FROM delivery d
WHERE status = 'delivered' AND NOT EXISTS (SELECT FROM delivery_attempt a WHERE a.delivery_id = d.id)
`;

/** Adds up what the sink counted, and asks the database whether each delivery has its attempt. */
export async function audit(platform: Platform, parts: readonly Counts[]): Promise<Counts> {
  await settled(platform);
  const [row] = await platform.query<{ count: number }>(WITHOUT_ATTEMPT);
  return { ...sumOf(parts), withoutAttempt: row?.count ?? 0 };
}

export function sumOf(parts: readonly Counts[]): Counts {
  const sum = (pick: (counts: Counts) => number): number =>
    parts.reduce((total, counts) => total + pick(counts), 0);
  return {
    expected: sum(({ expected }) => expected),
    delivered: sum(({ delivered }) => delivered),
    duplicates: sum(({ duplicates }) => duplicates),
    lost: sum(({ lost }) => lost),
    withoutAttempt: sum(({ withoutAttempt }) => withoutAttempt),
  };
}

/** A delivery that arrived is pending until its outcome is written, a moment later. */
async function settled(platform: Platform): Promise<void> {
  const deadline = Date.now() + SETTLE_MS;
  while (Date.now() < deadline) {
    const [row] = await platform.query<{ count: number }>(PENDING);
    if (row?.count === 0) return;
    await pause(50);
  }
}
