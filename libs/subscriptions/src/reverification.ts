import { Injectable, Logger } from '@nestjs/common';
import { AppConfig } from '#libs/config';
import { Database } from '#libs/database';
import { AppError, ID_PREFIX, RoundLoop, toTypeId, WakeSignal } from '#libs/kernel';
import type { Owned } from './caller.js';
import type { Subscription } from './entities/subscription.entity.js';
import { stopBySystem } from './stop-by-system.js';
import { assign, SubscriptionStore } from './subscription-store.js';
import { SubscriptionVerification } from './subscription-verification.js';

const ROUND_MS = 60_000;
const BATCH = 20;
/** One bad hour of a receiver is not its end. */
const FAILURES_ALLOWED = 3;
/** A process that dies in the middle holds a subscription up for so long. */
const CLAIM_MINUTES = 15;
const ASKED_AGAIN_AT = `now() + interval '60 minutes'`;

/** What the operator's policy makes of a lost consent; null: no more than a line in the log. */
const STATUS_AFTER = { disable: 'disabled', pause: 'paused', notice: null } as const;

/** Those whose last proof is too old; looked for without a lock, as mostly there are none. */
const DUE = `
SELECT tenant_id AS "tenantId", id FROM subscription
WHERE deleted_at IS NULL AND status = 'active' AND handshake <> 'none'
  AND coalesce(reverify_every_hours, $1) > 0
  AND verified_at <= now() - make_interval(hours => coalesce(reverify_every_hours, $1))
  AND (reverify_after IS NULL OR reverify_after <= now())
ORDER BY verified_at LIMIT ${BATCH}`;

const CLAIM = `
UPDATE subscription SET reverify_after = now() + interval '${CLAIM_MINUTES} minutes'
WHERE id = $1 AND (reverify_after IS NULL OR reverify_after <= now()) RETURNING id`;

/**
 * Asks receivers again from time to time whether they still want their events: URLs change hands. One that fails is
 * asked again each hour; what happens after the third failure in a row is the operator's policy.
 */
@Injectable()
export class Reverification {
  private readonly logger = new Logger(Reverification.name);
  private readonly signal = new WakeSignal();
  private readonly loop = new RoundLoop(this.signal, () => this.round());

  constructor(
    private readonly database: Database,
    private readonly verification: SubscriptionVerification,
    private readonly store: SubscriptionStore,
    private readonly config: AppConfig,
  ) {}

  start(): void {
    this.loop.start();
  }

  stop(): Promise<void> {
    return this.loop.stop();
  }

  /** Verifies what is due, one after the other; returns how many there were. */
  async verifyDue(): Promise<number> {
    const due = await this.database.query<Owned>(DUE, [this.config.challenges.reverifyEveryHours]);
    for (const owned of due) {
      if (this.loop.isStopping) break;
      const claimed = await this.database.query(CLAIM, [owned.id]);
      if (claimed.length > 0) await this.verify(owned);
    }
    return due.length;
  }

  private async round(): Promise<number> {
    try {
      return (await this.verifyDue()) === BATCH ? 0 : ROUND_MS;
    } catch (error) {
      this.logger.warn(`Subscriptions cannot be verified again now: ${String(error)}`);
      return ROUND_MS;
    }
  }

  private async verify({ tenantId, id }: Owned): Promise<void> {
    const caller = { tenantId, keyId: null, isOperator: true };
    try {
      await this.verification.verify(caller, { tenantId, id }, 'reverification');
    } catch (error) {
      if (isRefusal(error)) return this.noteFailure({ tenantId, id }, error);
      // Too many challenges of this host, a change at the same time, or a fault of ours: the claim runs out.
      this.logger.warn(`${toTypeId(ID_PREFIX.subscription, id)} is verified again later: ${String(error)}`);
    }
  }

  private async noteFailure(owned: Owned, error: Error): Promise<void> {
    await this.store.change(owned, async (tx, row) => {
      const failures = row.verificationFailures + 1;
      const isOver = failures >= FAILURES_ALLOWED && row.status === 'active';
      const counted = { verificationFailures: failures, reverifyAfter: (): string => ASKED_AGAIN_AT };
      const status = isOver ? STATUS_AFTER[this.config.challenges.onLostConsent] : null;
      if (status === null) await assign(tx, row, counted);
      else await stopBySystem(tx, row, { status, reason: 'reverification_failed', also: counted });
      this.logger.warn(this.noteOf(row, { failures, isOver, error }));
    });
  }

  private noteOf(
    { id }: Subscription,
    { failures, isOver, error }: { failures: number; isOver: boolean; error: Error },
  ): string {
    const then = isOver ? ` Policy: ${this.config.challenges.onLostConsent}.` : '';
    return `${toTypeId(ID_PREFIX.subscription, id)} failed to prove again that it wants its events (${failures} in a row).${then} ${error.message}`;
  }
}

function isRefusal(error: unknown): error is AppError {
  return error instanceof AppError && (error.code === 'challenge_failed' || error.code === 'url_not_allowed');
}
