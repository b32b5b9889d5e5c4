/**
 * Seconds between the attempts: 12 attempts over about 3 days, as Stripe and PayPal do. Short at first, since most
 * faults are deployments; long at the end, since the rest are weekends.
 */
export const DEFAULT_SCHEDULE_SECONDS = [
  5, 30, 120, 600, 1800, 3600, 10800, 21600, 43200, 86400, 86400,
] as const;

/** Longest wait that a receiver may ask for; beyond a day it may as well be replayed by hand. */
export const MAX_RETRY_AFTER_MS = 24 * 3600 * 1000;

/** A client error rarely heals within seconds: such attempts go on at the slow half of the default schedule. */
const SLOW_STATUSES = new Set([400, 401, 403, 404, 413, 415, 422]);

export interface RetryInput {
  /** The subscription's own schedule, or null for the default. */
  readonly scheduleSeconds: readonly number[] | null;
  /** Attempts made, the failed one included. */
  readonly attemptsMade: number;
  readonly responseStatus: number | null;
  /** What the receiver asked for by `Retry-After`. */
  readonly retryAfterMs: number | null;
}

/**
 * Milliseconds until the next attempt, or null when the schedule is over. Jitter is a factor of 0.5 to 1.5, so that it
 * grows with the delay and a herd of retries spreads over the whole window. A `Retry-After` is a floor, capped at a day;
 * half of it is added at most, because whoever is overloaded tells everyone to come back at the same time.
 */
export function nextDelayMs(input: RetryInput, random: () => number = Math.random): number | null {
  const schedule = input.scheduleSeconds ?? DEFAULT_SCHEDULE_SECONDS;
  if (input.attemptsMade > schedule.length) return null;
  const isSlow =
    input.scheduleSeconds === null &&
    input.responseStatus !== null &&
    SLOW_STATUSES.has(input.responseStatus);
  const step = Math.max(input.attemptsMade - 1, isSlow ? Math.floor(schedule.length / 2) : 0);
  const chance = random();
  const delay = (schedule[step] ?? 0) * 1000 * (0.5 + chance);
  const askedFor = (input.retryAfterMs ?? 0) * (1 + 0.5 * chance);
  return Math.round(Math.max(delay, Math.min(askedFor, MAX_RETRY_AFTER_MS)));
}

/** Milliseconds asked for by a `Retry-After` header (RFC 9110 §10.2.3: seconds or an HTTP date); garbage is null. */
export function parseRetryAfter(value: string | undefined, now: Date): number | null {
  if (value === undefined) return null;
  const text = value.trim();
  if (/^\d{1,12}$/.test(text)) return Math.min(Number(text) * 1000, MAX_RETRY_AFTER_MS);
  if (!/^[A-Za-z]{3,9},? /.test(text)) return null;
  const at = Date.parse(text);
  if (Number.isNaN(at)) return null;
  return Math.min(Math.max(at - now.getTime(), 0), MAX_RETRY_AFTER_MS);
}
