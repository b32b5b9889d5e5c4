import type { Dialect } from '#libs/signing';
import { headersBeside } from '../rules/own-headers.js';
import { dialectOfChoice, dialectOfRow, STANDARD } from './dialect-of-row.js';
import type { SecretRow, SubscriptionRow } from './directory-rows.js';
import type { SecretCache } from './secret-cache.js';
import { keySelector, type LiveKey, type Voice } from './target.js';

/** All the ways that deliveries of one subscription are spoken in. */
export interface Voices {
  /** Of what is accepted from now on; null if its profile cannot be spoken. */
  readonly dialect: Dialect | null;
  readonly present: Voice;
  /** It has no key: nothing can be sent. */
  readonly isMute: boolean;
  readonly voiceOf: (deliveryId: string) => Voice;
}

/** How deliveries were to be spoken in, up to the one of this id. */
export interface EarlierVoice {
  readonly upTo: string;
  readonly voice: Voice;
}

export function voicesOf(
  row: SubscriptionRow,
  secrets: readonly SecretRow[],
  cache: Pick<SecretCache, 'keyOf'>,
): Voices {
  const liveIn = (dialect: Dialect): LiveKey[] =>
    secrets.flatMap((secret) => {
      const key = cache.keyOf(secret, dialect.secret);
      return key ? [{ key, validUntilMs: secret.valid_until?.getTime() ?? Infinity }] : [];
    });
  const voiceIn = (dialect: Dialect, live: readonly LiveKey[]): Voice => ({
    dialect,
    keys: keySelector(live),
    headers: headersBeside(dialect, row.headers),
  });
  const dialect = dialectOfRow(row);
  const live = dialect === null ? [] : liveIn(dialect);
  const present = voiceIn(dialect ?? STANDARD, live);
  const earlier = row.earlier_choices.flatMap(({ upTo, ...choice }): EarlierVoice[] => {
    const before = dialectOfChoice(choice, row.id);
    const liveThen = before === null ? [] : liveIn(before);
    // What nobody can sign any more is sent as the others are, rather than never.
    return before === null || liveThen.length === 0 ? [] : [{ upTo, voice: voiceIn(before, liveThen) }];
  });
  return { dialect, present, isMute: live.length === 0, voiceOf: voiceSelector(present, earlier) };
}

/**
 * A function that gives the voice of a delivery; ids grow with time. The common case, a profile that never changed,
 * costs nothing.
 */
export function voiceSelector(
  present: Voice,
  earlier: readonly EarlierVoice[],
): (deliveryId: string) => Voice {
  if (earlier.length === 0) return () => present;
  return (deliveryId) => earlier.find(({ upTo }) => deliveryId <= upTo)?.voice ?? present;
}
