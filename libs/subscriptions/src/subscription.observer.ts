import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/** Which subscription changed. */
export interface ChangedSubscription {
  readonly id: string;
  readonly tenantId: string;
}

/** Whoever keeps rows that depend on a subscription's state; called inside the transaction of the change. */
export abstract class SubscriptionObserver {
  /** It gets events again, after a pause or after having been disabled. */
  abstract resumed(tx: EntityManager, subscription: ChangedSubscription): Promise<void>;
  /** It is gone for good. */
  abstract removed(tx: EntityManager, subscription: ChangedSubscription): Promise<void>;
}

/** The observers of this process; libraries above register here, so that this one need not know them. */
@Injectable()
export class SubscriptionObservers extends SubscriptionObserver {
  private readonly observers = new Set<SubscriptionObserver>();

  register(observer: SubscriptionObserver): void {
    this.observers.add(observer);
  }

  override async resumed(tx: EntityManager, subscription: ChangedSubscription): Promise<void> {
    for (const observer of this.observers) await observer.resumed(tx, subscription);
  }

  override async removed(tx: EntityManager, subscription: ChangedSubscription): Promise<void> {
    for (const observer of this.observers) await observer.removed(tx, subscription);
  }
}
