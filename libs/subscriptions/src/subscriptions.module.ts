import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ChallengeRecord } from './entities/challenge.entity.js';
import { EventType } from './entities/event-type.entity.js';
import { SubscriptionSecret } from './entities/subscription-secret.entity.js';
import { Subscription } from './entities/subscription.entity.js';
import { SecretBox } from './secrets/secret-box.js';
import { SubscriptionDirectory } from './subscription.directory.js';
import { SubscriptionObservers } from './subscription.observer.js';

/** Subscriptions, their secrets and challenges, and the directory that events are matched against. */
@Module({
  imports: [TypeOrmModule.forFeature([Subscription, SubscriptionSecret, EventType, ChallengeRecord])],
  providers: [SecretBox, SubscriptionDirectory, SubscriptionObservers],
  exports: [SubscriptionDirectory, SubscriptionObservers],
})
export class SubscriptionsModule {}
