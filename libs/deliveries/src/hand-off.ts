import { Injectable, Logger } from '@nestjs/common';
import { AppConfig } from '#libs/config';
import { MessageBroker, QUEUES } from '#libs/messaging';
import type { Target } from '#libs/subscriptions';
import type { DeliveryFrame } from './dispatch/delivery-frame.js';
import { EngineMetrics } from './engine-metrics.js';
import { Gates } from './gate/gates.js';

/**
 * Messages that may wait in the queue, each with up to 100 deliveries: a second or two of work for one dispatcher. More
 * would only age there while its leases run; the backlog belongs to PostgreSQL.
 */
const MAX_WAITING_MESSAGES = 200;

/** The way of leased deliveries to the dispatchers. What it loses comes back when the lease has run out. */
@Injectable()
export class HandOff {
  private readonly logger = new Logger(HandOff.name);
  private hasLocalDispatcher = false;
  private readonly throughGate = (target: Target): boolean => this.gates.isPushable(target);
  private isFailing = false;

  constructor(
    private readonly broker: MessageBroker,
    private readonly config: AppConfig,
    private readonly gates: Gates,
    metrics: EngineMetrics,
  ) {
    metrics.watchBroker(broker);
  }

  /** A dispatcher of this process has begun or ceased to take work. */
  setLocalDispatcher(isTaking: boolean): void {
    this.hasLocalDispatcher = isTaking;
  }

  /** Tells for which targets new deliveries may go to a dispatcher right now. */
  pushable(): (target: Target) => boolean {
    return this.isOpen() ? this.throughGate : nowhere;
  }

  /** Whether what waits for this subscription waits for a circuit: nothing that a feeder could do at once. */
  isShut(subscriptionId: string): boolean {
    return this.gates.isOpen(subscriptionId);
  }

  /** Publishes; never rejects. What the broker does not take is due when its lease is over. */
  async send(frames: readonly DeliveryFrame[]): Promise<void> {
    try {
      await Promise.all(frames.map((frame) => this.broker.publish(QUEUES.deliveries, frame)));
      this.isFailing = false;
    } catch (error) {
      if (!this.isFailing)
        this.logger.warn(`The broker takes no work, PostgreSQL keeps it: ${String(error)}`);
      this.isFailing = true;
    }
  }

  /** Whether new work has a way to go right now; if not, rows stay due in PostgreSQL for the feeder. */
  private isOpen(): boolean {
    const isShared = this.config.amqp.url !== null;
    if (!isShared && !this.hasLocalDispatcher) return false;
    return this.broker.isReady() && this.broker.depth(QUEUES.deliveries) < MAX_WAITING_MESSAGES;
  }
}

const nowhere = (): boolean => false;
