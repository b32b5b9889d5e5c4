export type { Caller, Owned, Owner } from './caller.js';
export type { ChallengeStep, StepName } from './challenge/challenge-steps.js';
export type { RetrySettings, Target } from './directory/target.js';
export { ChallengeRecord } from './entities/challenge.entity.js';
export { EventType } from './entities/event-type.entity.js';
export { SubscriptionSecret } from './entities/subscription-secret.entity.js';
export { Subscription, type SubscriptionStatus } from './entities/subscription.entity.js';
export type { EventValidator } from './event-types/event-schema.js';
export { type EventTypeChange, EventTypesService } from './event-types/event-types.service.js';
export type { NewSubscription, SubscriptionChange } from './rules/subscription-input.js';
export { SecretBox, SecretUnreadableError } from './secrets/secret-box.js';
export type { SecretHint } from './secrets/subscription-secrets.js';
export type { RotationRequest } from './subscription-lifecycle.js';
export type { CreatedSubscription } from './subscription-registration.js';
export type { ChangeRequest, PageRequest, SubscriptionView } from './subscription-store.js';
export { SubscriptionDirectory } from './subscription.directory.js';
export {
  type ChangedSubscription,
  SubscriptionObserver,
  SubscriptionObservers,
} from './subscription.observer.js';
export { SubscriptionsModule } from './subscriptions.module.js';
export { type CallerRequest, SubscriptionsService } from './subscriptions.service.js';
