import { Injectable } from '@nestjs/common';
import type { Caller } from './caller.js';
import { ChallengeService } from './challenge/challenge.service.js';
import { type Consent, consentValues } from './challenge/consent.js';
import { SignatureProbe } from './challenge/signature-probe.js';
import type { ChallengePurpose } from './entities/challenge.entity.js';
import type { Subscription } from './entities/subscription.entity.js';
import { SubscriptionSecrets } from './secrets/subscription-secrets.js';
import { assign, type Assignments, type ChangeRequest, SubscriptionStore } from './subscription-store.js';
import { changedMeanwhile, wrongStatus } from './subscriptions.errors.js';

/** What a challenge of a stored subscription is for. */
interface Occasion {
  readonly purpose?: ChallengePurpose;
  readonly takesLateConsent?: boolean;
}

/** Questions to the receivers of subscriptions that are stored. */
@Injectable()
export class SubscriptionVerification {
  constructor(
    private readonly challenges: ChallengeService,
    private readonly signatures: SignatureProbe,
    private readonly secrets: SubscriptionSecrets,
    private readonly store: SubscriptionStore,
  ) {}

  /** Challenges a subscription as it is given, stored or not; throws `challenge_failed`. */
  async challenge(caller: Caller, subscription: Subscription, occasion: Occasion = {}): Promise<Consent> {
    return this.challenges.challenge({ ...(await this.inputOf(caller, subscription)), ...occasion });
  }

  /**
   * Challenges again; a pending or disabled subscription becomes active, the others stay what they are. One whose
   * receiver may answer later stays pending until it does.
   */
  async verify(caller: Caller, request: ChangeRequest, purpose: ChallengePurpose = 'consent'): Promise<void> {
    const before = await this.store.get(request);
    const takesLateConsent = before.status === 'pending' || before.status === 'disabled';
    const consent = await this.challenge(caller, before, { purpose, takesLateConsent });
    await this.store.change(request, async (tx, row) => {
      if (speaksDifferently(before, row)) throw changedMeanwhile();
      await assign(tx, row, { ...statusAfter(row, consent), ...consentValues(row, consent) });
    });
  }

  /** Finds out whether the receiver verifies signatures, and keeps what was found. */
  async probe(caller: Caller, request: ChangeRequest): Promise<void> {
    const before = await this.store.get(request);
    if (before.status !== 'active' && before.status !== 'paused') {
      throw wrongStatus('subscription_not_active', `It is ${before.status}; verify it before it is probed.`);
    }
    const verifiesSignatures = await this.signatures.probe(await this.inputOf(caller, before));
    await this.store.change(request, async (tx, row) => {
      if (speaksDifferently(before, row)) throw changedMeanwhile();
      await assign(tx, row, { verifiesSignatures, probedAt: () => 'now()' });
    });
  }

  private async inputOf(caller: Caller, subscription: Subscription) {
    const { id: subscriptionId, ...rest } = subscription;
    const keys = await this.secrets.keysOf(subscription);
    return { ...rest, caller, subscriptionId, keys };
  }
}

/** Whether a receiver that consented to one would have to be asked again for the other. */
export function speaksDifferently(one: Subscription, other: Subscription): boolean {
  return (
    one.url !== other.url ||
    one.profile !== other.profile ||
    one.handshake !== other.handshake ||
    choiceText(one) !== choiceText(other)
  );
}

/** Members of a config may come in another order, as PostgreSQL keeps them in its own. */
function choiceText({ profileConfig, signers, envelope, framing }: Subscription): string {
  const config = Object.entries(profileConfig).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify([config, signers, envelope, framing]);
}

function statusAfter(row: Subscription, consent: Consent): Assignments {
  const isHeldByOwner = row.status === 'paused' && row.statusReason !== 'reverification_failed';
  if (consent.kind === 'awaited') {
    return row.status === 'active' || row.status === 'paused' ? {} : { statusReason: 'awaiting_consent' };
  }
  return isHeldByOwner ? {} : { status: 'active', statusReason: null };
}
