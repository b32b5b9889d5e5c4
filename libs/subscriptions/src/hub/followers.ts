import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, IsNull } from 'typeorm';
import { noteBySystem } from '#libs/audit';
import { ID_PREFIX, toTypeId } from '#libs/kernel';
import { dialectOf } from '#libs/signing';
import type { Owned } from '../caller.js';
import { Subscription } from '../entities/subscription.entity.js';
import { Topic } from '../entities/topic.entity.js';
import { SubscriptionSecrets } from '../secrets/subscription-secrets.js';
import { assign, SubscriptionStore } from '../subscription-store.js';
import type { HubSubject } from './hub-questions.js';

/** Every process holds all subscriptions in memory, and whoever knows a topic may make some. */
const MAX_FOLLOWERS = 1_000;

/** A subscription that its subscriber asks for. */
export interface NewFollower extends HubSubject {
  readonly topicId: string;
  readonly registeredUrl: string;
  readonly leaseSeconds: number;
  /** Null: its deliveries are not signed. */
  readonly secret: string | null;
}

/** Subscriptions to topics, which their subscribers made themselves: one for each topic and callback. */
@Injectable()
export class Followers {
  constructor(
    private readonly db: DataSource,
    private readonly store: SubscriptionStore,
    private readonly secrets: SubscriptionSecrets,
  ) {}

  find(topicId: string, url: string): Promise<Subscription | null> {
    return this.db.manager.findOneBy(Subscription, { topicId, url, deletedAt: IsNull() });
  }

  /** Why a topic takes no further subscription of this URL; null if it does. */
  async refusalOf({ tenantId, topicId, url }: NewFollower, perHost: number): Promise<string | null> {
    const followers = await this.db.manager.countBy(Subscription, { topicId, deletedAt: IsNull() });
    if (followers >= MAX_FOLLOWERS) return 'This topic has as many subscribers as it can have.';
    const toHost = await this.store.countTo({ tenantId }, url);
    return toHost < perHost ? null : 'There are too many subscriptions to this host.';
  }

  /** Makes the subscription, or gives the one that is there its new lease and secret; nothing if the topic is gone. */
  async keep(wish: NewFollower): Promise<void> {
    await this.db.transaction(async (tx) => {
      const { topicId, url } = wish;
      const topic = await tx.findOne(Topic, { where: { id: topicId }, lock: { mode: 'pessimistic_read' } });
      if (topic === null) return;
      // Two requests for the same callback would otherwise both find none, and make two.
      await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`follower ${topicId} ${url}`]);
      const before = await tx.findOne(Subscription, {
        where: { topicId, url, deletedAt: IsNull() },
        lock: { mode: 'pessimistic_write' },
      });
      const owned = { tenantId: wish.tenantId, id: before?.id ?? wish.id };
      if (before === null)
        await tx.insert(Subscription, { ...owned, ...madeOf(wish), ...renewed(wish, topic) });
      else await assign(tx, owned, { ...renewed(wish, topic), ...resumed(before) });
      await this.setSecret(tx, owned, wish);
      await note(tx, owned, before === null ? 'hubSubscribe' : 'hubRenew');
    });
  }

  /** Ends a subscription for good; nothing if it has ended already. */
  async end(owned: Owned): Promise<void> {
    await this.db.transaction(async (tx) => {
      const { tenantId, id } = owned;
      const where = { tenantId, id, deletedAt: IsNull() };
      const row = await tx.findOne(Subscription, { where, lock: { mode: 'pessimistic_write' } });
      if (row === null) return;
      await assign(tx, row, { deletedAt: () => 'now()' });
      await this.secrets.erase(tx, row);
      await note(tx, row, 'hubUnsubscribe');
    });
  }

  private async setSecret(tx: EntityManager, owned: Owned, wish: NewFollower): Promise<void> {
    const format = dialectOf({ profile: 'websub', profileConfig: wish.profileConfig }, owned.id).secret;
    await this.secrets.expire(tx, owned, 0);
    await this.secrets.add(tx, owned, wish.secret ?? format.generate(), format);
  }
}

function madeOf({ topicId, url, registeredUrl, headers, timeoutMs }: NewFollower) {
  return {
    topicId,
    url,
    registeredUrl: registeredUrl === url ? null : registeredUrl,
    profile: 'websub',
    handshake: 'websub' as const,
    headers,
    timeoutMs,
    status: 'active' as const,
    // The lease is what asks it again.
    reverifyEveryHours: 0,
  };
}

function renewed({ profileConfig, leaseSeconds }: NewFollower, { eventTypes, filter }: Topic) {
  return {
    profileConfig: profileConfig as object,
    eventTypes,
    filter: filter as object | null,
    leaseUntil: () => `now() + interval '${leaseSeconds} seconds'`,
    verifiedAt: () => 'now()',
    verificationFailures: 0,
  };
}

/** One that the tenant holds back stays so. */
function resumed({ status }: Subscription): { status?: 'active'; statusReason?: null } {
  return status === 'paused' ? {} : { status: 'active', statusReason: null };
}

async function note(tx: EntityManager, { tenantId, id }: Owned, operation: string): Promise<void> {
  const path = `/v1/subscriptions/${toTypeId(ID_PREFIX.subscription, id)}`;
  await noteBySystem(tx, { tenantId, operation, path, reason: 'asked_at_the_hub' });
}
