import type { Subscription } from '../entities/subscription.entity.js';
import type { Assignments } from '../subscription-store.js';

/** What a receiver that was asked has said: yes, at most so often; or nothing yet, and it may still say yes. */
export type Consent =
  { readonly kind: 'given'; readonly allowedPerMinute: number | null } | { readonly kind: 'awaited' };

const MINUTE = 60;

/** What a consent sets on a subscription; nothing for `none`, which asked nobody. */
export function consentValues(
  { handshake, rateLimitPerSecond }: Pick<Subscription, 'handshake' | 'rateLimitPerSecond'>,
  consent: Consent,
): Assignments {
  if (handshake === 'none' || consent.kind === 'awaited') return {};
  const { allowedPerMinute } = consent;
  return {
    verifiedAt: () => 'now()',
    verificationFailures: 0,
    reverifyAfter: null,
    allowedPerMinute,
    rateLimitPerSecond: withinConsent(rateLimitPerSecond, allowedPerMinute),
  };
}

/** The rate that the owner wants, at most what the receiver consented to; null for no limit. */
export function withinConsent(perSecond: number | null, allowedPerMinute: number | null): number | null {
  if (allowedPerMinute === null) return perSecond;
  return Math.min(perSecond ?? Infinity, allowedPerMinute / MINUTE);
}
