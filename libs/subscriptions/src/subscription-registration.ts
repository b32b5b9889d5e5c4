import { Injectable } from '@nestjs/common';
import { AppError, newId } from '#libs/kernel';
import {
  dialectOf,
  type HandshakeName,
  type ProfileChoice,
  profileNamed,
  type SecretFormat,
} from '#libs/signing';
import { ChallengeService } from './challenge/challenge.service.js';
import type { Caller } from './caller.js';
import { type Consent, consentValues } from './challenge/consent.js';
import { SubscriptionSecrets } from './secrets/subscription-secrets.js';
import { SubscriptionStore, type SubscriptionView } from './subscription-store.js';
import type { NewSubscription } from './rules/subscription-input.js';
import { SubscriptionRules } from './rules/subscription-rules.js';

/** A subscription asks for as long as its receivers may take. */
const DEFAULT_TIMEOUT_MS = 15_000;

/** A subscription just made; the only time that its secret is seen. */
export interface CreatedSubscription {
  readonly subscription: SubscriptionView;
  readonly secret: string;
}

interface Draft {
  readonly id: string;
  readonly url: string;
  readonly choice: Required<ProfileChoice>;
  readonly format: SecretFormat;
  readonly handshake: HandshakeName;
  readonly secret: string;
}

/** Takes a subscription in: checked, challenged, and only then stored. */
@Injectable()
export class SubscriptionRegistration {
  constructor(
    private readonly rules: SubscriptionRules,
    private readonly challenges: ChallengeService,
    private readonly secrets: SubscriptionSecrets,
    private readonly store: SubscriptionStore,
  ) {}

  /** Throws what is wrong with the input, `url_not_allowed` or `challenge_failed`; then nothing has been stored. */
  async create(caller: Caller, input: NewSubscription): Promise<CreatedSubscription> {
    const draft = await this.draft(caller, input);
    const consent = input.verify === 'later' ? null : await this.challenge(caller, input, draft);
    const { id, secret, format } = draft;
    await this.store.insert(rowOf(caller, input, { ...draft, consent }), (tx) =>
      this.secrets.add(tx, { tenantId: caller.tenantId, id }, secret, format),
    );
    const subscription = await this.store.view({ tenantId: caller.tenantId, id });
    return { subscription, secret: format.share(secret) };
  }

  private async draft(caller: Caller, input: NewSubscription): Promise<Draft> {
    const { defaultHandshake, name: profile } = profileNamed(input.profile ?? 'standard');
    const handshake = input.handshake ?? defaultHandshake ?? (input.secret === undefined ? 'echo' : 'hmac');
    await this.rules.check(caller, { ...input, eventTypes: input.eventTypes ?? [], profile, handshake });
    const id = newId();
    const choice = this.choiceOf(input, profile);
    this.rules.checkHeaders({ ...choice, handshake }, input.headers ?? {});
    const { secret: format } = dialectOf(choice, id);
    const secret = input.secret ?? format.generate();
    format.parse(secret);
    const url = await this.rules.checkUrl(caller, input.url);
    await this.refuseCrowd(caller, url);
    return { id, url, choice, format, handshake, secret };
  }

  private choiceOf(input: NewSubscription, profile: string): Required<ProfileChoice> {
    const { signers = [], envelope = null, framing = null } = input;
    const profileConfig = { ...this.rules.profileDefaults(profile), ...input.profileConfig };
    return { profile, profileConfig, signers, envelope, framing };
  }

  /** Many subscriptions of one host would multiply every event that its owner, or anybody else, makes us send there. */
  private async refuseCrowd(caller: Caller, url: string): Promise<void> {
    const limit = this.rules.subscriptionsPerHost(url);
    if ((await this.store.countTo(caller, url)) < limit) return;
    const message = `There are ${limit} subscriptions to this host already; remove one, or let one take more events.`;
    throw new AppError('conflict', 'too_many_subscriptions', message);
  }

  private async challenge(caller: Caller, input: NewSubscription, draft: Draft): Promise<Consent> {
    const { id, url, choice, format, handshake, secret } = draft;
    const keys = [format.parse(secret)];
    const { headers = {}, timeoutMs = DEFAULT_TIMEOUT_MS } = input;
    return this.challenges.challenge({
      caller,
      subscriptionId: id,
      url,
      registeredUrl: input.url,
      ...choice,
      handshake,
      keys,
      headers,
      timeoutMs,
      isSecretUnseen: input.secret === undefined,
    });
  }
}

function rowOf(
  { tenantId }: Caller,
  input: NewSubscription,
  draft: Draft & { readonly consent: Consent | null },
) {
  const { id, url, choice, handshake, consent } = draft;
  const isVerified = consent !== null;
  const rateLimitPerSecond = input.rateLimitPerSecond ?? null;
  return {
    id,
    tenantId,
    url,
    registeredUrl: input.url === url ? null : input.url,
    eventTypes: [...new Set(input.eventTypes)],
    ...choice,
    profileConfig: choice.profileConfig as object,
    signers: [...choice.signers],
    handshake,
    status: isVerified ? ('active' as const) : ('pending' as const),
    statusReason: isVerified ? null : 'not_verified',
    description: input.description ?? null,
    headers: { ...input.headers },
    retry: input.retry ?? null,
    filter: (input.filter ?? null) as object | null,
    timeoutMs: input.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    maxInFlight: input.maxInFlight ?? null,
    rateLimitPerSecond,
    reverifyEveryHours: input.reverifyEveryHours ?? null,
    ...(consent !== null && consentValues({ handshake, rateLimitPerSecond }, consent)),
  };
}
