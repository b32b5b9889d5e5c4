import { setTimeout as pause } from 'node:timers/promises';

export interface EventuallyOptions {
  readonly timeoutMs?: number;
  readonly everyMs?: number;
  /** What the failure says beside the last error, e.g. the tail of a log. */
  readonly describe?: () => string;
}

/** Repeats `probe` until it stops throwing, and gives its value; after the deadline its last error is thrown. */
export async function eventually<T>(
  probe: () => T | Promise<T>,
  { timeoutMs = 10_000, everyMs = 20, describe }: EventuallyOptions = {},
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    try {
      return await probe();
    } catch (error) {
      if (Date.now() >= deadline) throw describe ? new Error(describe(), { cause: error }) : error;
    }
    await pause(everyMs);
  }
}

/** As `eventually`, for a probe that answers undefined, null or false as long as it has nothing. */
export async function eventuallyGives<T>(
  probe: () => T | Promise<T>,
  options: EventuallyOptions = {},
): Promise<NonNullable<T>> {
  return eventually(async () => {
    const value = await probe();
    if (value === undefined || value === null || value === false) throw new Error('nothing yet');
    return value;
  }, options);
}
