import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, IsNull, MoreThan } from 'typeorm';
import { AppError, decodeCursor, newId, type Page, pageOf } from '#libs/kernel';
import type { Caller, Owned, Owner } from '../caller.js';
import { Subscription } from '../entities/subscription.entity.js';
import { Topic } from '../entities/topic.entity.js';
import { SubscriptionRules } from '../rules/subscription-rules.js';
import type { PageRequest } from '../subscription-store.js';
import { HubQuestions } from './hub-questions.js';

const MAX_TOPICS = 100;

export interface NewTopic {
  readonly eventTypes: readonly string[];
  /** Left out or null: every event of its types. */
  readonly filter?: Readonly<Record<string, unknown>> | null;
  readonly description?: string | null;
}

/** What tenants make public. Whoever has a topic's token may read it and subscribe to it; the rest is its tenant's. */
@Injectable()
export class Topics {
  constructor(
    private readonly db: DataSource,
    private readonly rules: SubscriptionRules,
    private readonly questions: HubQuestions,
  ) {}

  /** Throws what is wrong with the input, or `too_many_topics`. */
  async create(caller: Caller, input: NewTopic): Promise<Topic> {
    const { eventTypes, filter = null, description = null } = input;
    await this.rules.check(caller, { eventTypes, filter, description });
    const { tenantId } = caller;
    if ((await this.db.manager.countBy(Topic, { tenantId })) >= MAX_TOPICS) throw tooMany();
    const id = newId();
    const row = { id, tenantId, token: randomBytes(24).toString('base64url'), description };
    const carried = { eventTypes: [...new Set(eventTypes)], filter: filter as object | null };
    await this.db.manager.insert(Topic, { ...row, ...carried });
    return this.get({ tenantId, id });
  }

  /** The oldest first. */
  async list({ tenantId, limit, cursor }: Owner & PageRequest): Promise<Page<Topic>> {
    const after = cursor === undefined ? {} : { id: MoreThan(decodeCursor(cursor)) };
    const where = { tenantId, ...after };
    return pageOf(await this.db.manager.find(Topic, { where, order: { id: 'ASC' }, take: limit + 1 }), limit);
  }

  async get({ tenantId, id }: Owned): Promise<Topic> {
    const row = await this.db.manager.findOneBy(Topic, { tenantId, id });
    if (row === null) throw topicNotFound();
    return row;
  }

  /** The topic of a token, whosever it is. */
  async find(token: string): Promise<Topic> {
    const row = await this.db.manager.findOneBy(Topic, { token });
    if (row === null) throw topicNotFound();
    return row;
  }

  /** Ends the subscriptions to it as well, and tells their subscribers. */
  async remove({ tenantId, id }: Owned): Promise<void> {
    const followers = await this.db.transaction(async (tx) => {
      const { affected } = await tx.delete(Topic, { tenantId, id });
      if (affected === 0) throw topicNotFound();
      const rows = await tx.find(Subscription, {
        where: { tenantId, topicId: id, deletedAt: IsNull() },
        lock: { mode: 'pessimistic_write' },
      });
      if (rows.length > 0) await tx.query(END, [tenantId, rows.map((row) => row.id)]);
      return rows;
    });
    this.questions.tellEnd(followers, 'The topic is gone.');
  }
}

const END = `
WITH ended AS (
  UPDATE subscription SET deleted_at = now(), updated_at = now(), version = version + 1
  WHERE tenant_id = $1 AND id = ANY ($2::uuid[])
)
DELETE FROM subscription_secret WHERE tenant_id = $1 AND subscription_id = ANY ($2::uuid[])`;

export function topicNotFound(): AppError {
  return new AppError('not_found', 'topic_not_found', 'There is no such topic here.');
}

function tooMany(): AppError {
  return new AppError('conflict', 'too_many_topics', `There are ${MAX_TOPICS} topics already; remove one.`);
}
