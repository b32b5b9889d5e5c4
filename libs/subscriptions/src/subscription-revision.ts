import { Injectable } from '@nestjs/common';
import { type HandshakeName, type ProfileChoice, type ProfileConfig, profileNamed } from '#libs/signing';
import type { Caller } from './caller.js';
import { type Consent, consentValues, withinConsent } from './challenge/consent.js';
import { Subscription } from './entities/subscription.entity.js';
import type { SubscriptionChange } from './rules/subscription-input.js';
import { SubscriptionRules } from './rules/subscription-rules.js';
import { unmaskedConfig } from './secrets/config-secrets.js';
import { SubscriptionSecrets } from './secrets/subscription-secrets.js';
import { assign, type Assignments, type ChangeRequest, SubscriptionStore } from './subscription-store.js';
import { speaksDifferently, SubscriptionVerification } from './subscription-verification.js';
import { asTooManyChoices, changedMeanwhile, versionMismatch } from './subscriptions.errors.js';

/** Changes that may need the receiver's consent again. */
@Injectable()
export class SubscriptionRevision {
  constructor(
    private readonly rules: SubscriptionRules,
    private readonly verification: SubscriptionVerification,
    private readonly secrets: SubscriptionSecrets,
    private readonly store: SubscriptionStore,
  ) {}

  /** A new URL, profile or handshake of a verified subscription is challenged first; if it fails nothing changes. */
  async patch(caller: Caller, request: ChangeRequest, change: SubscriptionChange): Promise<void> {
    const before = await this.store.get(request);
    if (request.ifMatch !== undefined && request.ifMatch !== before.version) throw versionMismatch();
    const after = await this.revised(caller, before, change);
    const isDifferent = speaksDifferently(before, after);
    // What its secrets cannot sign is refused even if nobody is asked.
    if (isDifferent) await this.secrets.keysOf(after);
    const isChallenged = isDifferent && isVerified(before);
    const consent = isChallenged ? await this.verification.challenge(caller, after) : null;
    await this.store.change(request, async (tx, row) => {
      // It may have become active meanwhile, with the URL before.
      if (isDifferent && row.version !== before.version) throw changedMeanwhile();
      const values = { ...valuesOf(change, after), ...forgotten(isDifferent) };
      const all = { ...values, ...rateOf(after, consent), ...proofOf(after, consent) };
      await assign(tx, row, all).catch((error: unknown) => {
        throw asTooManyChoices(error);
      });
    });
  }

  private async revised(
    caller: Caller,
    before: Subscription,
    change: SubscriptionChange,
  ): Promise<Subscription> {
    const { profile = before.profile, handshake = handshakeAfter(before, profile) } = change;
    const choice = choiceAfter(before, change, this.rules.profileDefaults(profile));
    const isRenamed = handshake !== before.handshake || profile !== before.profile;
    const isSpeech = PARTS.some((name) => change[name] !== undefined) || isRenamed;
    await this.rules.check(caller, isSpeech ? { ...change, ...choice, handshake } : change);
    if (isSpeech || change.headers !== undefined) {
      this.rules.checkHeaders({ ...choice, handshake }, change.headers ?? before.headers);
    }
    const url = change.url === undefined ? before.url : await this.rules.checkUrl(caller, change.url);
    const registeredUrl = change.url === undefined ? before.registeredUrl : change.url;
    return Object.assign(new Subscription(), before, defined(change), {
      ...choice,
      url,
      registeredUrl,
      handshake,
    });
  }
}

/** The config of another profile means nothing; otherwise a part that is left out stays. */
function choiceAfter(
  before: Subscription,
  change: SubscriptionChange,
  defaults: ProfileConfig,
): Required<ProfileChoice> {
  const { profile = before.profile, signers = before.signers } = change;
  const { envelope = before.envelope, framing = before.framing } = change;
  const kept = profile === before.profile ? before.profileConfig : {};
  const given =
    change.profileConfig && unmaskedConfig({ profile, profileConfig: change.profileConfig }, kept);
  const profileConfig = { ...defaults, ...(given ?? kept) };
  return { profile, profileConfig, signers, envelope, framing };
}

/** Another profile may not know the handshake there was. */
function handshakeAfter({ handshake }: Subscription, profile: string): HandshakeName {
  const { handshakes, defaultHandshake } = profileNamed(profile);
  return handshakes.includes(handshake) ? handshake : (defaultHandshake ?? 'echo');
}

/** A pending or disabled subscription gets nothing before it is verified, and that challenges what it says then. */
function isVerified({ status }: Subscription): boolean {
  return status === 'active' || status === 'paused';
}

/** What was found out about a receiver is not true of another. */
function forgotten(isDifferent: boolean): Assignments {
  return isDifferent ? { verifiesSignatures: null, probedAt: null } : {};
}

function proofOf(after: Subscription, consent: Consent | null): Assignments {
  return consent === null ? {} : consentValues(after, consent);
}

/** A limit that its owner sets stays within what its receiver consented to. */
function rateOf(
  { rateLimitPerSecond, allowedPerMinute }: Subscription,
  consent: Consent | null,
): Assignments {
  return consent === null ? { rateLimitPerSecond: withinConsent(rateLimitPerSecond, allowedPerMinute) } : {};
}

function valuesOf(change: SubscriptionChange, after: Subscription): Assignments {
  const { url, eventTypes, retry, filter, profileConfig, signers, ...rest } = defined(change);
  return {
    ...rest,
    handshake: after.handshake,
    ...((profileConfig ?? rest.profile) !== undefined && { profileConfig: after.profileConfig as object }),
    ...(signers !== undefined && { signers: [...signers] }),
    ...(url !== undefined && { url: after.url, registeredUrl: after.registeredUrl }),
    ...(eventTypes !== undefined && { eventTypes: [...new Set(eventTypes)] }),
    ...(retry !== undefined && { retry: retry as object | null }),
    ...(filter !== undefined && { filter: filter as object | null }),
  };
}

/** How it is spoken to. */
const PARTS = ['profile', 'profileConfig', 'signers', 'envelope', 'framing'] as const;

const CHANGEABLE = [
  'url',
  'eventTypes',
  ...PARTS,
  'handshake',
  'description',
  'headers',
  'retry',
  'filter',
  'timeoutMs',
  'maxInFlight',
  'rateLimitPerSecond',
  'reverifyEveryHours',
] as const;

/** The members that are there; anything else a caller may have sent is not a column to set. */
function defined(change: SubscriptionChange): SubscriptionChange {
  const entries = CHANGEABLE.map((name) => [name, change[name]] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}
