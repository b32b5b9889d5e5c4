import { Injectable } from '@nestjs/common';
import { AppError, fromTypeId, ID_PREFIX, newId, toTypeId } from '#libs/kernel';
import { SubscriptionDirectory } from '#libs/subscriptions';
import { Clock } from './clock.js';
import { EventIntake } from './intake/event-intake.js';

/** Sends an event to one subscription alone, through the same path as any other. */
@Injectable()
export class TestEvents {
  constructor(
    private readonly intake: EventIntake,
    private readonly directory: SubscriptionDirectory,
    private readonly clock: Clock,
  ) {}

  /** The delivery's attempt appears in the log; its data says that it is a test. */
  async send(
    tenantId: string,
    subscriptionId: string,
    eventType = 'bellhop.test.sent',
  ): Promise<{ eventId: string; deliveryId: string }> {
    const id = fromTypeId(ID_PREFIX.subscription, subscriptionId);
    await this.directory.catchUp();
    const target = id === null ? undefined : this.directory.target(id);
    if (id === null || target === undefined || target.tenantId !== tenantId || target.status !== 'active') {
      const message = 'Only an active subscription can be sent a test event; verify or resume it first.';
      throw new AppError('conflict', 'subscription_not_active', message);
    }
    const data = Buffer.from(JSON.stringify({ test: true, subscriptionId, message: 'Hello from Bellhop' }));
    const event = {
      id: newId(),
      tenantId,
      type: eventType,
      subject: null,
      timestamp: this.clock.now(),
      data,
    };
    const answer = await this.intake.accept({ events: [event], hasNewIds: true, onlySubscriptionId: id });
    const deliveryId = answer.kind === 'accepted' ? answer.deliveryIds[0] : undefined;
    if (deliveryId === undefined) {
      throw new AppError(
        'conflict',
        'subscription_not_active',
        'The subscription changed just now; try again.',
      );
    }
    return {
      eventId: toTypeId(ID_PREFIX.event, event.id),
      deliveryId: toTypeId(ID_PREFIX.delivery, deliveryId),
    };
  }
}
