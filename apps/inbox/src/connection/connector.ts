import { Injectable } from '@nestjs/common';
import { AppError } from '#libs/kernel';
import { newSecret } from '#libs/signing';
import { PlatformLink } from '#libs/web-pages';
import { ConnectionStore } from './connection.store.js';
import { OwnAddress } from './own-address.js';

const EVENT_TYPES = ['guestbook.*'];

interface SubscriptionBody {
  readonly id: string;
  readonly url: string;
  readonly status: string;
  readonly statusReason?: string | null;
}

interface ProblemBody {
  readonly code?: string;
  readonly detail?: string;
  readonly handshake?: unknown;
  readonly errors?: readonly { field: string; message: string }[];
}

/** What the platform says of our subscription. */
export interface SubscriptionState {
  readonly status: string;
  readonly reason: string | null;
}

/** Makes and ends the subscription of this inbox, by the platform's API as any subscriber would. */
@Injectable()
export class Connector {
  constructor(
    private readonly platform: PlatformLink,
    private readonly store: ConnectionStore,
    private readonly address: OwnAddress,
  ) {}

  get isPossible(): boolean {
    return this.platform.isConfigured;
  }

  /**
   * Subscribes to the guestbook. The secret is stored first, because the platform's challenge arrives here, signed
   * with it, while our own request is still open; nothing may be locked meanwhile.
   */
  async connect(): Promise<void> {
    const secret = newSecret();
    if (!(await this.store.begin(secret))) {
      throw new AppError('conflict', 'already_connected', 'The inbox is connected, or about to be.');
    }
    try {
      await this.removeForgotten();
      const body = {
        url: this.address.receiveUrl,
        eventTypes: EVENT_TYPES,
        secret,
        description: 'The demo inbox',
      };
      const answer = await this.platform.request<SubscriptionBody & ProblemBody>(
        'POST',
        '/v1/subscriptions',
        body,
      );
      if (answer.status !== 201) throw refusal(answer.status, answer.body);
      await this.store.finish(answer.body.id);
    } catch (error) {
      await this.store.forget();
      throw error;
    }
  }

  async disconnect(): Promise<void> {
    const { subscriptionId } = await this.store.read();
    if (subscriptionId !== null) await this.removeSubscription(subscriptionId);
    await this.store.forget();
  }

  /** Null if it is gone there, or the platform cannot be asked. */
  async state(subscriptionId: string): Promise<SubscriptionState | 'gone' | 'unknown'> {
    try {
      const { status, body } = await this.platform.request<SubscriptionBody>('GET', pathOf(subscriptionId));
      if (status === 404) return 'gone';
      return status === 200 ? { status: body.status, reason: body.statusReason ?? null } : 'unknown';
    } catch {
      return 'unknown';
    }
  }

  /** A process that died while connecting may have left a subscription that nobody here knows the secret of. */
  private async removeForgotten(): Promise<void> {
    const { receiveUrl } = this.address;
    const { status, body } = await this.platform.request<{ data: readonly SubscriptionBody[] } & ProblemBody>(
      'GET',
      '/v1/subscriptions?limit=250',
    );
    if (status !== 200) throw refusal(status, body);
    for (const { id, url } of body.data) {
      if (url === receiveUrl) await this.removeSubscription(id);
    }
  }

  private async removeSubscription(id: string): Promise<void> {
    const { status, body } = await this.platform.request<ProblemBody>('DELETE', pathOf(id));
    if (status >= 300 && status !== 404) throw refusal(status, body);
  }
}

function pathOf(id: string): string {
  return `/v1/subscriptions/${encodeURIComponent(id)}`;
}

/** Passes on what the platform said, with the steps of a failed challenge. */
function refusal(status: number, body: ProblemBody | null): AppError {
  const detail = body?.detail ?? `The platform answered with status ${status}.`;
  const extensions = body?.handshake === undefined ? {} : { handshake: body.handshake };
  return new AppError('invalid', body?.code ?? 'platform_refused', detail, {
    errors: body?.errors ?? [],
    extensions,
  });
}
