import type { HandshakeName, ProfileChoice } from '#libs/signing';
import type { RetrySettings } from '../directory/target.js';

/** What may be set at any time. */
export interface SubscriptionSettings {
  readonly description?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly retry?: RetrySettings | null;
  /** Events that do not pass it are not sent; null: no filter. */
  readonly filter?: Readonly<Record<string, unknown>> | null;
  readonly timeoutMs?: number;
  readonly maxInFlight?: number | null;
  readonly rateLimitPerSecond?: number | null;
  /** Null: as the platform does; 0: never. */
  readonly reverifyEveryHours?: number | null;
}

/** A subscription as it is asked for; what it does not say of its profile is as the profile has it. */
export interface NewSubscription extends SubscriptionSettings, Partial<ProfileChoice> {
  readonly url: string;
  readonly eventTypes: readonly string[];
  /** Left out: one is made. */
  readonly secret?: string;
  /**
   * Left out: the profile's. If that has none: `hmac` if the secret is the caller's, `echo` otherwise, as the receiver
   * cannot know ours yet.
   */
  readonly handshake?: HandshakeName;
  /** `later`: stored as pending, without a challenge. */
  readonly verify?: 'now' | 'later';
}

/** What a change sets; what is left out stays. */
export interface SubscriptionChange extends SubscriptionSettings, Partial<ProfileChoice> {
  readonly url?: string;
  readonly eventTypes?: readonly string[];
  readonly handshake?: HandshakeName;
}
