import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, IsNull, MoreThan } from 'typeorm';
import type { QueryDeepPartialEntity } from 'typeorm/query-builder/QueryPartialEntity.js';
import { decodeCursor, type Page, pageOf } from '#libs/kernel';
import type { Owned, Owner } from './caller.js';
import { Subscription } from './entities/subscription.entity.js';
import { shownConfig } from './secrets/config-secrets.js';
import { type PublicKey, type SecretHint, SubscriptionSecrets } from './secrets/subscription-secrets.js';
import { subscriptionNotFound, versionMismatch } from './subscriptions.errors.js';

/** A subscription as it is shown: secrets of its config are masked, and of its own there are hints, newest first. */
export type SubscriptionView = Subscription & { readonly secrets: readonly SecretHint[] };

/** What is on a page of a list. */
export interface PageRequest {
  readonly limit: number;
  readonly cursor?: string;
  /** Only subscriptions that speak it. */
  readonly profile?: string;
}

/** A subscription to change; with `ifMatch` only if it still has this version. */
export interface ChangeRequest extends Owned {
  readonly ifMatch?: number;
}

/** Columns and what to set them to. */
export type Assignments = QueryDeepPartialEntity<Subscription>;

/** By an index of accounts, which only this profile has. */
export const ACCOUNT = `
SELECT profile_config->>'account' AS account FROM subscription
WHERE tenant_id = $1 AND profile = 'kloudless' AND deleted_at IS NULL
  AND ($2::text IS NULL OR profile_config->>'account' = $2)
ORDER BY id LIMIT 1`;

/** Rows of subscriptions; a removed one and one of another tenant are not found. */
@Injectable()
export class SubscriptionStore {
  constructor(
    private readonly db: DataSource,
    private readonly secrets: SubscriptionSecrets,
  ) {}

  async get({ tenantId, id }: Owned): Promise<Subscription> {
    const row = await this.db.manager.findOneBy(Subscription, { tenantId, id, deletedAt: IsNull() });
    if (!row) throw subscriptionNotFound();
    return row;
  }

  async view(owned: Owned): Promise<SubscriptionView> {
    const [view] = await this.withHints(owned.tenantId, [await this.get(owned)]);
    if (!view) throw subscriptionNotFound();
    return view;
  }

  /** The oldest first. */
  async list({ tenantId, limit, cursor, profile }: Owner & PageRequest): Promise<Page<SubscriptionView>> {
    const after = cursor === undefined ? {} : { id: MoreThan(decodeCursor(cursor)) };
    const rows = await this.db.manager.find(Subscription, {
      where: { tenantId, deletedAt: IsNull(), ...after, ...(profile !== undefined && { profile }) },
      order: { id: 'ASC' },
      take: limit + 1,
    });
    const page = pageOf(rows, limit);
    return { ...page, data: await this.withHints(tenantId, page.data) };
  }

  /** Those that sign now, newest first; whoever knows the subscription's id may see them. */
  async publicKeys(id: string): Promise<PublicKey[]> {
    const row = await this.db.manager.findOneBy(Subscription, { id, deletedAt: IsNull() });
    if (!row) throw subscriptionNotFound();
    const hints = (await this.secrets.hintsOf(row.tenantId, [id])).get(id) ?? [];
    return hints.flatMap(({ publicKey: text, validUntil }) => (text === null ? [] : [{ text, validUntil }]));
  }

  /** How many of a tenant's subscriptions lead to the host of this URL. */
  async countTo({ tenantId }: Owner, url: string): Promise<number> {
    const [row] = await this.db.query<{ count: number }[]>(
      `SELECT count(*)::int AS count FROM subscription
       WHERE tenant_id = $1 AND deleted_at IS NULL AND substring(url FROM '^https?://(\\[[^]]*\\]|[^/:?#]+)') = $2`,
      [tenantId, new URL(url).hostname],
    );
    return row?.count ?? 0;
  }

  /** The account that the tenant's subscriptions name: this one, or that of the oldest; null if none names it. */
  async account({ tenantId }: Owner, account: string | null): Promise<string | null> {
    const [row] = await this.db.query<{ account: string }[]>(ACCOUNT, [tenantId, account]);
    return row?.account ?? null;
  }

  /**
   * Works on a locked row, in a transaction that must stay short: the first change in it makes the intake of events
   * wait. The row's lock always comes first, so that two changes cannot wait for each other.
   */
  async change<T>(
    { tenantId, id, ifMatch }: ChangeRequest,
    work: (tx: EntityManager, row: Subscription) => Promise<T>,
  ): Promise<T> {
    return this.db.transaction(async (tx) => {
      const row = await tx.findOne(Subscription, {
        where: { tenantId, id, deletedAt: IsNull() },
        lock: { mode: 'pessimistic_write' },
      });
      if (!row) throw subscriptionNotFound();
      if (ifMatch !== undefined && row.version !== ifMatch) throw versionMismatch();
      return work(tx, row);
    });
  }

  /** Inserts in one transaction with whatever belongs to it. */
  async insert(row: Assignments, work: (tx: EntityManager) => Promise<void>): Promise<void> {
    await this.db.transaction(async (tx) => {
      await tx.insert(Subscription, row);
      await work(tx);
    });
  }

  private async withHints(tenantId: string, rows: readonly Subscription[]): Promise<SubscriptionView[]> {
    const hints = await this.secrets.hintsOf(
      tenantId,
      rows.map(({ id }) => id),
    );
    return rows.map((row) =>
      Object.assign(row, { secrets: hints.get(row.id) ?? [], profileConfig: shownConfig(row) }),
    );
  }
}

/** Sets columns of a row that `change` has locked, and counts the change. */
export async function assign(tx: EntityManager, row: Owned, values: Assignments): Promise<void> {
  const counted = { ...values, version: () => 'version + 1', updatedAt: () => 'now()' };
  await tx.update(Subscription, { id: row.id, tenantId: row.tenantId }, counted);
}
