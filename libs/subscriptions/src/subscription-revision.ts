import { Injectable } from '@nestjs/common';
import { ChallengeService } from './challenge/challenge.service.js';
import type { Caller } from './caller.js';
import { Subscription } from './entities/subscription.entity.js';
import type { SubscriptionChange } from './rules/subscription-input.js';
import { SubscriptionRules } from './rules/subscription-rules.js';
import { SubscriptionSecrets } from './secrets/subscription-secrets.js';
import { assign, type Assignments, type ChangeRequest, SubscriptionStore } from './subscription-store.js';
import { changedMeanwhile, versionMismatch } from './subscriptions.errors.js';

/** Changes that may need the receiver's consent again. */
@Injectable()
export class SubscriptionRevision {
  constructor(
    private readonly rules: SubscriptionRules,
    private readonly challenges: ChallengeService,
    private readonly secrets: SubscriptionSecrets,
    private readonly store: SubscriptionStore,
  ) {}

  /** A new URL, profile or handshake of a verified subscription is challenged first; if it fails nothing changes. */
  async patch(caller: Caller, request: ChangeRequest, change: SubscriptionChange): Promise<void> {
    const before = await this.store.get(request);
    if (request.ifMatch !== undefined && request.ifMatch !== before.version) throw versionMismatch();
    const after = await this.revised(caller, before, change);
    const isDifferent = speaksDifferently(before, after);
    const isChallenged = isDifferent && isVerified(before);
    if (isChallenged) await this.challenge(caller, after);
    await this.store.change(request, async (tx, row) => {
      // It may have become active meanwhile, with the URL before.
      if (isDifferent && row.version !== before.version) throw changedMeanwhile();
      const proof = isChallenged && after.handshake !== 'none' ? { verifiedAt: () => 'now()' } : {};
      await assign(tx, row, { ...valuesOf(change, after), ...proof });
    });
  }

  /** Challenges again; a pending or disabled subscription becomes active, the others stay what they are. */
  async verify(caller: Caller, request: ChangeRequest): Promise<void> {
    const before = await this.store.get(request);
    await this.challenge(caller, before);
    await this.store.change(request, async (tx, row) => {
      if (speaksDifferently(before, row)) throw changedMeanwhile();
      const isPaused = row.status === 'paused';
      const status = isPaused ? {} : { status: 'active' as const, statusReason: null };
      const proof = row.handshake === 'none' ? {} : { verifiedAt: () => 'now()' };
      await assign(tx, row, { ...status, ...proof });
    });
  }

  private async revised(
    caller: Caller,
    before: Subscription,
    change: SubscriptionChange,
  ): Promise<Subscription> {
    const { profile = before.profile, handshake = before.handshake } = change;
    const isRenamed = handshake !== before.handshake || profile !== before.profile;
    await this.rules.check(caller, isRenamed ? { ...change, profile, handshake } : change);
    const url = change.url === undefined ? before.url : await this.rules.checkUrl(caller, change.url);
    return Object.assign(new Subscription(), before, defined(change), { url, profile, handshake });
  }

  private async challenge(caller: Caller, subscription: Subscription): Promise<void> {
    const { id: subscriptionId, url, profile, handshake, headers, timeoutMs } = subscription;
    const keys = await this.secrets.keysOf(subscription, profile);
    await this.challenges.challenge({
      caller,
      subscriptionId,
      url,
      profile,
      handshake,
      keys,
      headers,
      timeoutMs,
    });
  }
}

/** A pending or disabled subscription gets nothing before it is verified, and that challenges what it says then. */
function isVerified({ status }: Subscription): boolean {
  return status === 'active' || status === 'paused';
}

function speaksDifferently(one: Subscription, other: Subscription): boolean {
  return one.url !== other.url || one.profile !== other.profile || one.handshake !== other.handshake;
}

function valuesOf(change: SubscriptionChange, after: Subscription): Assignments {
  const { url, eventTypes, retry, ...rest } = defined(change);
  return {
    ...rest,
    ...(url !== undefined && { url: after.url }),
    ...(eventTypes !== undefined && { eventTypes: [...new Set(eventTypes)] }),
    ...(retry !== undefined && { retry: retry as object | null }),
  };
}

const CHANGEABLE = [
  'url',
  'eventTypes',
  'profile',
  'handshake',
  'description',
  'headers',
  'retry',
  'timeoutMs',
  'maxInFlight',
  'rateLimitPerSecond',
] as const;

/** The members that are there; anything else a caller may have sent is not a column to set. */
function defined(change: SubscriptionChange): SubscriptionChange {
  const entries = CHANGEABLE.map((name) => [name, change[name]] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}
