import type { Dialect } from '#libs/signing';
import type { Filter } from '../filters/filter.js';

/** How often and when a failed delivery is tried again; null on a subscription means the platform's schedule. */
export interface RetrySettings {
  /** Seconds before each further attempt. */
  readonly scheduleSeconds?: readonly number[];
}

/** How requests are made of deliveries that were accepted under one choice of profile. */
export interface Voice {
  readonly dialect: Dialect;
  /** Decrypted live secrets, newest first. */
  keys(now: Date): readonly Buffer[];
  /** The subscription's own, without what its profile says. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Where events go: a subscription that is active or paused, ready to be sent to, and how that is done now. */
export interface Target extends Voice {
  readonly id: string;
  readonly tenantId: string;
  readonly url: string;
  /** To the letter as it was subscribed: some signatures cover it. */
  readonly registeredUrl: string;
  readonly status: 'active' | 'paused';
  /** How the requests of a delivery are made: as was chosen when that was accepted, with the secrets of now. */
  voiceOf(deliveryId: string): Voice;
  /** None of its secrets can be decrypted: do not send, an unsigned delivery would be worse than a late one. */
  readonly keysUnavailable: boolean;
  readonly timeoutMs: number;
  readonly maxInFlight: number | null;
  /** Requests begun in any second, over all processes; null: as many as its cap in flight lets through. */
  readonly rateLimitPerSecond: number | null;
  readonly retry: RetrySettings | null;
  readonly patterns: readonly string[];
  /** What it asks of an event beyond its type; null: nothing. */
  readonly filter: Filter | null;
}

export interface LiveKey {
  readonly key: Buffer;
  /** Unix milliseconds; Infinity until it is rotated. */
  readonly validUntilMs: number;
}

/** A function that gives the live ones of these keys; the common case, one key without an end, costs nothing. */
export function keySelector(live: readonly LiveKey[]): (now: Date) => readonly Buffer[] {
  const keys = live.map(({ key }) => key);
  if (live.every(({ validUntilMs }) => validUntilMs === Infinity)) return () => keys;
  return (now) => live.filter(({ validUntilMs }) => validUntilMs > now.getTime()).map(({ key }) => key);
}
