import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, In, IsNull, MoreThan } from 'typeorm';
import { newId } from '#libs/kernel';
import { dialectOf, type SecretFormat } from '#libs/signing';
import type { Owned } from '../caller.js';
import { SubscriptionSecret } from '../entities/subscription-secret.entity.js';
import type { Subscription } from '../entities/subscription.entity.js';
import { secretUnavailable } from '../subscriptions.errors.js';
import { SecretBox } from './secret-box.js';

/** Live secrets of one subscription; each adds a signature to every request. */
const MAX_LIVE = 4;

/** What may be shown of a secret once it has been handed out. */
export interface SecretHint {
  readonly lastFour: string;
  /** `whpk_…`: receivers verify with it; null for a secret without a public half. */
  readonly publicKey: string | null;
  readonly createdAt: Date;
  readonly validUntil: Date | null;
}

/** A key that anybody may have, and until when it signs; null: until it is rotated. */
export interface PublicKey {
  /** `whpk_…` */
  readonly text: string;
  readonly validUntil: Date | null;
}

/** The secrets of subscriptions at rest. */
@Injectable()
export class SubscriptionSecrets {
  constructor(
    private readonly db: DataSource,
    private readonly box: SecretBox,
  ) {}

  /** `format` is how the subscription's profile reads it. */
  async add(tx: EntityManager, { tenantId, id }: Owned, secret: string, format: SecretFormat): Promise<void> {
    const sealed = this.box.seal(secret, id);
    const hints = { lastFour: format.share(secret).slice(-4), publicKey: format.publicKey(secret) };
    const row = { id: newId(), tenantId, subscriptionId: id, ...hints, ...sealed };
    await tx.insert(SubscriptionSecret, { ...row, createdAt: () => 'clock_timestamp()' });
  }

  /** Lets the secrets there are end; those that have ended are erased. */
  async expire(tx: EntityManager, { tenantId, id }: Owned, overlapSeconds: number): Promise<void> {
    await tx.query(
      `UPDATE subscription_secret SET valid_until = LEAST(valid_until, now() + make_interval(secs => $3))
       WHERE tenant_id = $1 AND subscription_id = $2`,
      [tenantId, id, overlapSeconds],
    );
    await tx.query(
      `DELETE FROM subscription_secret WHERE tenant_id = $1 AND subscription_id = $2 AND (valid_until <= now() OR id IN (
         SELECT id FROM subscription_secret WHERE subscription_id = $2 ORDER BY created_at DESC, id DESC OFFSET $3))`,
      [tenantId, id, MAX_LIVE - 1],
    );
  }

  /** What was encrypted with them can never be signed or read again. */
  async erase(tx: EntityManager, { tenantId, id }: Owned): Promise<void> {
    await tx.delete(SubscriptionSecret, { tenantId, subscriptionId: id });
  }

  /**
   * The live keys, newest first, as the subscription's profile reads them; throws `signing_key_unavailable`, or
   * `invalid_secret` if the profile cannot.
   */
  async keysOf(subscription: Subscription): Promise<Buffer[]> {
    const { secret: format } = dialectOf(subscription, subscription.id);
    const rows = await this.liveRows(subscription.tenantId, [subscription.id]);
    return rows.map((row) => format.parse(this.open(row, subscription.id)));
  }

  private open(row: SubscriptionSecret, subscriptionId: string): string {
    try {
      return this.box.open(row, subscriptionId);
    } catch (error) {
      throw secretUnavailable(error);
    }
  }

  /** Hints at the live secrets by subscription, newest first. */
  async hintsOf(tenantId: string, ids: readonly string[]): Promise<Map<string, SecretHint[]>> {
    const hints = new Map<string, SecretHint[]>(ids.map((id) => [id, []]));
    if (ids.length === 0) return hints;
    for (const { subscriptionId, lastFour, publicKey, createdAt, validUntil } of await this.liveRows(
      tenantId,
      ids,
    )) {
      hints.get(subscriptionId)?.push({ lastFour, publicKey, createdAt, validUntil });
    }
    return hints;
  }

  private liveRows(tenantId: string, ids: readonly string[]): Promise<SubscriptionSecret[]> {
    const these = { tenantId, subscriptionId: In([...ids]) };
    const now = new Date();
    return this.db.manager.find(SubscriptionSecret, {
      where: [
        { ...these, validUntil: IsNull() },
        { ...these, validUntil: MoreThan(now) },
      ],
      order: { createdAt: 'DESC', id: 'DESC' },
    });
  }
}
