import { Injectable } from '@nestjs/common';
import { AppError } from '#libs/kernel';
import { newSecret } from '#libs/signing';
import { ConnectionStore } from './connection.store.js';
import { OwnAddress } from './own-address.js';
import { SubscriptionClient } from './subscription.client.js';

const EVENT_TYPES = ['guestbook.*'];

/** What the platform says of our subscription. */
export interface SubscriptionState {
  readonly status: string;
  readonly reason: string | null;
  /** Where it leads, if that is not here. */
  readonly elsewhere: string | null;
  /** Why it could not be moved here. */
  readonly moveFault: string | null;
}

/** Makes, moves and ends the subscription of this inbox. */
@Injectable()
export class Connector {
  private moveFault: string | null = null;

  constructor(
    private readonly subscriptions: SubscriptionClient,
    private readonly store: ConnectionStore,
    private readonly address: OwnAddress,
  ) {}

  get receiveUrl(): string {
    return this.address.receiveUrl;
  }

  get isPossible(): boolean {
    return this.subscriptions.isConfigured;
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
      const wanted = { eventTypes: EVENT_TYPES, secret, description: 'The demo inbox' };
      const { id } = await this.subscriptions.create({ url: this.address.receiveUrl, ...wanted });
      await this.store.finish(id);
    } catch (error) {
      await this.store.forget();
      throw error;
    }
  }

  async disconnect(): Promise<void> {
    const { subscriptionId } = await this.store.read();
    if (subscriptionId !== null) await this.subscriptions.remove(subscriptionId);
    await this.store.forget();
  }

  /** Lets the subscription lead here if it leads elsewhere, as after a start under another address. */
  async moveHere(): Promise<void> {
    const { subscriptionId } = await this.store.read();
    if (subscriptionId === null) return;
    try {
      const known = await this.subscriptions.get(subscriptionId);
      if (known !== null && !this.leadsHere(known.url)) {
        await this.subscriptions.move(subscriptionId, this.address.receiveUrl);
      }
      this.moveFault = null;
    } catch (error) {
      this.moveFault = error instanceof AppError ? error.message : 'A fault of the inbox; its log has more.';
      throw error;
    }
  }

  /** `gone` if the platform has it no more, `unknown` if it cannot be asked. */
  async state(subscriptionId: string): Promise<SubscriptionState | 'gone' | 'unknown'> {
    try {
      const known = await this.subscriptions.get(subscriptionId);
      if (known === null) return 'gone';
      const { status, statusReason: reason = null, url } = known;
      const elsewhere = this.leadsHere(url) ? null : url;
      return { status, reason, elsewhere, moveFault: this.moveFault };
    } catch {
      return 'unknown';
    }
  }

  /** A process that died while connecting may have left a subscription that nobody here knows the secret of. */
  private async removeForgotten(): Promise<void> {
    for (const { id, url } of await this.subscriptions.list()) {
      if (this.leadsHere(url)) await this.subscriptions.remove(id);
    }
  }

  private leadsHere(url: string): boolean {
    return URL.parse(url)?.href === URL.parse(this.address.receiveUrl)?.href;
  }
}
