import { Injectable } from '@nestjs/common';
import { AppError } from '#libs/kernel';
import { consentOf } from '#libs/signing';
import { ChallengeLog } from './challenge/challenge-log.js';
import { consentValues } from './challenge/consent.js';
import { assign, SubscriptionStore } from './subscription-store.js';

/** Receivers that consent after the challenge, at the address that it named. */
@Injectable()
export class LateConsent {
  constructor(
    private readonly log: ChallengeLog,
    private readonly store: SubscriptionStore,
  ) {}

  /** Makes the subscription active; each address works once. `rate` is the header WebHook-Allowed-Rate, if any. */
  async give(token: string, rate: string | undefined): Promise<void> {
    const record = await this.log.redeem(token);
    if (!record) throw consentNotFound();
    const verdict = consentOf(rate);
    const allowedPerMinute = (verdict.isProven ? verdict.allowedPerMinute : null) ?? null;
    await this.store.change({ tenantId: record.tenantId, id: record.subscriptionId }, async (tx, row) => {
      const isStillAsked = row.url === record.url && row.handshake === record.handshake;
      if (!isStillAsked || row.status === 'active' || row.status === 'paused') throw consentNotFound();
      const active = { status: 'active' as const, statusReason: null };
      await assign(tx, row, { ...active, ...consentValues(row, { kind: 'given', allowedPerMinute }) });
    });
  }
}

function consentNotFound(): AppError {
  const message =
    'Nobody waits for consent at this address: it has been given, has expired, or was never asked for.';
  return new AppError('not_found', 'consent_not_found', message);
}
