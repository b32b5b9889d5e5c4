/** One sentence on the attempts that a delivery had and the log has no more, or null. They are numbered from 1. */
export function missingAttempts(
  attemptCount: number,
  attempts: readonly { readonly number: number }[],
  retentionDays: number,
): string | null {
  const firstKept = attempts[0]?.number ?? attemptCount + 1;
  if (firstKept <= 1) return null;
  const gone = firstKept === 2 ? 'Attempt 1 is' : `Attempts 1 to ${firstKept - 1} are`;
  const kept = retentionDays === 1 ? '1 day' : `${retentionDays} days`;
  return `${gone} no longer in the log: attempts are kept for ${kept}.`;
}
