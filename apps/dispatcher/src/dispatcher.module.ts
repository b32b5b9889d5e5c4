import { Module } from '@nestjs/common';
import { DeliveriesModule } from '#libs/deliveries';
import { Readiness } from '#libs/http-api';
import { MessageBroker } from '#libs/messaging';
import { RelayModule } from '#libs/outbox';
import { SubscriptionsModule } from '#libs/subscriptions';
import { DispatchLifecycle, MovingParts } from './dispatch-lifecycle.js';

/** The worker: relay, intake, feeder and dispatcher. Any number of its processes may run side by side. */
@Module({
  imports: [DeliveriesModule, RelayModule, SubscriptionsModule],
  providers: [DispatchLifecycle, MovingParts],
})
export class DispatcherModule {
  constructor(readiness: Readiness, broker: MessageBroker) {
    readiness.watch('broker', () => broker.isReady());
  }
}
