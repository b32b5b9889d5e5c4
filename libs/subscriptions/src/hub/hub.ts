import { Injectable } from '@nestjs/common';
import { AppConfig } from '#libs/config';
import { AppError, newId } from '#libs/kernel';
import { dialectOf } from '#libs/signing';
import type { Topic } from '../entities/topic.entity.js';
import { SubscriptionRules } from '../rules/subscription-rules.js';
import { Followers, type NewFollower } from './followers.js';
import { HubQuestions } from './hub-questions.js';

const TIMEOUT_MS = 15_000;

/** A topic, and the addresses by which it is spoken of. */
export interface HubTopic {
  readonly topic: Topic;
  /** As the subscriber spelt it; it hears of it so. */
  readonly spelt: string;
  readonly url: string;
  readonly hubUrl: string;
}

/** What a subscriber asks for. */
export interface HubWish {
  readonly callback: string;
  readonly leaseSeconds: number | null;
  readonly secret: string | null;
}

/** Takes the requests of WebSub subscribers. Each is answered at once; its subscriber is asked afterwards. */
@Injectable()
export class Hub {
  constructor(
    private readonly rules: SubscriptionRules,
    private readonly followers: Followers,
    private readonly questions: HubQuestions,
    private readonly config: AppConfig,
  ) {}

  /**
   * Resolves once the request is good. What there was before stays until its subscriber has said yes; a topic that takes
   * no more says so to the callback. Throws `url_not_allowed`, `invalid_secret`, `challenge_rate_limited` or `unavailable`.
   */
  async subscribe(place: HubTopic, wish: HubWish): Promise<void> {
    const follower = await this.followerOf(place, wish);
    const question = { mode: 'subscribe' as const, topic: place.spelt };
    const before = await this.followers.find(follower.topicId, follower.url);
    const perHost = this.rules.subscriptionsPerHost(follower.url);
    const refusal = before ? null : await this.followers.refusalOf(follower, perHost);
    if (refusal !== null) return this.questions.refuse(follower, place.spelt, refusal);
    const subject = { ...follower, ...(before && { id: before.id }) };
    await this.questions.ask(subject, question, () => this.followers.keep(subject));
  }

  /** As `subscribe`; also throws `subscription_not_found`. */
  async unsubscribe({ topic, spelt }: HubTopic, callback: string): Promise<void> {
    const url = await this.rules.checkUrl(callerOf(topic), callback);
    const before = await this.followers.find(topic.id, url);
    if (before === null) {
      const message = 'This callback has no subscription to this topic.';
      throw new AppError('not_found', 'subscription_not_found', message);
    }
    const question = { mode: 'unsubscribe' as const, topic: spelt };
    await this.questions.ask(before, question, () => this.followers.end(before));
  }

  private async followerOf({ topic, url, hubUrl }: HubTopic, wish: HubWish): Promise<NewFollower> {
    const { callback, secret } = wish;
    const leaseSeconds = this.leaseOf(wish);
    const signing = secret === null ? { algorithm: 'none' } : {};
    const profileConfig = { topic: url, hub: hubUrl, lease: leaseSeconds, ...signing };
    const id = newId();
    if (secret !== null) dialectOf({ profile: 'websub', profileConfig }, id).secret.parse(secret);
    return {
      id,
      tenantId: topic.tenantId,
      topicId: topic.id,
      url: await this.rules.checkUrl(callerOf(topic), callback),
      registeredUrl: callback,
      profileConfig,
      headers: {},
      timeoutMs: TIMEOUT_MS,
      leaseSeconds,
      secret,
    };
  }

  private leaseOf({ leaseSeconds }: HubWish): number {
    const { min, usual, max } = this.config.leases;
    return Math.min(max, Math.max(min, leaseSeconds ?? usual));
  }
}

/** Anybody who knows the topic. */
function callerOf({ tenantId }: Topic) {
  return { tenantId, keyId: null, isOperator: false };
}
