import { Injectable } from '@nestjs/common';
import { dialectOf } from '#libs/signing';
import type { Owned } from './caller.js';
import { HubQuestions } from './hub/hub-questions.js';
import { SubscriptionSecrets } from './secrets/subscription-secrets.js';
import { stopBySystem } from './stop-by-system.js';
import { assign, type ChangeRequest, SubscriptionStore } from './subscription-store.js';
import { invalidFields, wrongStatus } from './subscriptions.errors.js';

const DEFAULT_OVERLAP_SECONDS = 86_400;
const MAX_OVERLAP_SECONDS = 604_800;

export interface RotationRequest extends ChangeRequest {
  /** How long the secrets before also sign; a day if left out. */
  readonly overlapSeconds?: number;
  /** Left out: one is made. */
  readonly secret?: string;
}

/** Changes of a subscription that ask its receiver nothing. */
@Injectable()
export class SubscriptionLifecycle {
  constructor(
    private readonly secrets: SubscriptionSecrets,
    private readonly store: SubscriptionStore,
    private readonly questions: HubQuestions,
  ) {}

  /** Holds its deliveries; one that is paused already stays so. */
  async pause(request: ChangeRequest): Promise<void> {
    await this.store.change(request, async (tx, row) => {
      if (row.status === 'paused') return;
      if (row.status !== 'active') {
        throw wrongStatus(
          'subscription_not_active',
          `It is ${row.status}; only an active subscription can be paused.`,
        );
      }
      await assign(tx, row, { status: 'paused', statusReason: 'paused_by_request' });
    });
  }

  /** Lets the held deliveries go; one that is active already stays so. */
  async resume(request: ChangeRequest): Promise<void> {
    await this.store.change(request, async (tx, row) => {
      if (row.status === 'active') return;
      if (row.status !== 'paused') {
        throw wrongStatus('subscription_not_paused', `It is ${row.status}; verify it to make it active.`);
      }
      await assign(tx, row, { status: 'active', statusReason: null });
    });
  }

  /** Stops sending until it is verified again; a pending or disabled one stays as it is. */
  async disable({ tenantId, id, reason }: Owned & { readonly reason: string }): Promise<void> {
    await this.store.change({ tenantId, id }, async (tx, row) => {
      if (row.status !== 'active' && row.status !== 'paused') return;
      await stopBySystem(tx, row, { status: 'disabled', reason });
    });
  }

  /** Gone for good, with its secrets; whoever subscribed at the hub is told. */
  async remove(request: ChangeRequest): Promise<void> {
    const removed = await this.store.change(request, async (tx, row) => {
      await assign(tx, row, { deletedAt: () => 'now()' });
      await this.secrets.erase(tx, row);
      return row;
    });
    if (removed.topicId !== null) this.questions.tellEnd([removed], 'The publisher has ended it.');
  }

  /** The new secret, this one time; until the overlap ends both sign. */
  async rotateSecret({
    overlapSeconds = DEFAULT_OVERLAP_SECONDS,
    secret,
    ...request
  }: RotationRequest): Promise<string> {
    if (!Number.isInteger(overlapSeconds) || overlapSeconds < 0 || overlapSeconds > MAX_OVERLAP_SECONDS) {
      const message = `must be a whole number from 0 to ${MAX_OVERLAP_SECONDS}`;
      throw invalidFields([{ field: 'overlapSeconds', message }]);
    }
    return this.store.change(request, async (tx, row) => {
      const { secret: format } = dialectOf(row, row.id);
      const fresh = secret ?? format.generate();
      format.parse(fresh);
      await assign(tx, row, {});
      await this.secrets.expire(tx, row, overlapSeconds);
      await this.secrets.add(tx, row, fresh, format);
      return format.share(fresh);
    });
  }
}
