import { Injectable } from '@nestjs/common';
import type { Page } from '#libs/kernel';
import type { Caller, Owned, Owner } from './caller.js';
import type { NewSubscription, SubscriptionChange } from './rules/subscription-input.js';
import type { PublicKey } from './secrets/subscription-secrets.js';
import { type RotationRequest, SubscriptionLifecycle } from './subscription-lifecycle.js';
import { type CreatedSubscription, SubscriptionRegistration } from './subscription-registration.js';
import { SubscriptionRevision } from './subscription-revision.js';
import { SubscriptionVerification } from './subscription-verification.js';
import {
  type ChangeRequest,
  type PageRequest,
  SubscriptionStore,
  type SubscriptionView,
} from './subscription-store.js';

/** A change of a subscription that may call its URL. */
export type CallerRequest = Caller & ChangeRequest;

/**
 * Everything that can be done with subscriptions. Ids are UUIDs; a subscription of another tenant is
 * `subscription_not_found`; `ifMatch` is the version that the caller has seen, else `precondition_failed`.
 */
@Injectable()
export class SubscriptionsService {
  constructor(
    private readonly store: SubscriptionStore,
    private readonly registration: SubscriptionRegistration,
    private readonly revision: SubscriptionRevision,
    private readonly verification: SubscriptionVerification,
    private readonly lifecycle: SubscriptionLifecycle,
  ) {}

  /** Challenges the URL and stores the subscription as active; with `verify: 'later'` as pending, unchallenged. */
  create(caller: Caller, input: NewSubscription): Promise<CreatedSubscription> {
    return this.registration.create(caller, input);
  }

  list(request: Owner & PageRequest): Promise<Page<SubscriptionView>> {
    return this.store.list(request);
  }

  /** The account that the tenant's subscriptions name: this one, or that of the oldest; null if none names it. */
  account(owner: Owner, account: string | null): Promise<string | null> {
    return this.store.account(owner, account);
  }

  get(owned: Owned): Promise<SubscriptionView> {
    return this.store.view(owned);
  }

  /** What its receiver verifies asymmetric signatures with, for anybody who knows its id. */
  publicKeys(id: string): Promise<PublicKey[]> {
    return this.store.publicKeys(id);
  }

  /** A change of URL, profile or handshake is challenged first; if that fails, everything stays as it was. */
  async patch(request: CallerRequest, change: SubscriptionChange): Promise<SubscriptionView> {
    await this.revision.patch(request, request, change);
    return this.store.view(request);
  }

  /** Challenges again; a pending or disabled subscription becomes active. */
  async verify(request: CallerRequest): Promise<SubscriptionView> {
    await this.verification.verify(request, request);
    return this.store.view(request);
  }

  /** Sends a test event rightly and wrongly signed, to find out whether the receiver verifies signatures. */
  async probe(request: CallerRequest): Promise<SubscriptionView> {
    await this.verification.probe(request, request);
    return this.store.view(request);
  }

  /** The old secrets go on signing beside the new one until the overlap ends. */
  async rotateSecret(request: RotationRequest): Promise<CreatedSubscription> {
    const secret = await this.lifecycle.rotateSecret(request);
    return { subscription: await this.store.view(request), secret };
  }

  async pause(request: ChangeRequest): Promise<SubscriptionView> {
    await this.lifecycle.pause(request);
    return this.store.view(request);
  }

  async resume(request: ChangeRequest): Promise<SubscriptionView> {
    await this.lifecycle.resume(request);
    return this.store.view(request);
  }

  /** Stops sending until it is verified again; the reason is a word such as `gone`. */
  disable(request: Owned & { readonly reason: string }): Promise<void> {
    return this.lifecycle.disable(request);
  }

  remove(request: ChangeRequest): Promise<void> {
    return this.lifecycle.remove(request);
  }
}
