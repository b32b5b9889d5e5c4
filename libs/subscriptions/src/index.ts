export type { RetrySettings, Target } from './directory/target.js';
export { EventType } from './entities/event-type.entity.js';
export { ChallengeRecord } from './entities/challenge.entity.js';
export { Subscription, type SubscriptionStatus } from './entities/subscription.entity.js';
export { SubscriptionSecret } from './entities/subscription-secret.entity.js';
export type { EventValidator } from './event-types/event-schema.js';
export { SecretBox, SecretUnreadableError } from './secrets/secret-box.js';
export { SubscriptionDirectory } from './subscription.directory.js';
export {
  type ChangedSubscription,
  SubscriptionObserver,
  SubscriptionObservers,
} from './subscription.observer.js';
export { SubscriptionsModule } from './subscriptions.module.js';
