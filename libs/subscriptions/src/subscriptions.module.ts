import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ChallengeLog } from './challenge/challenge-log.js';
import { ChallengeService } from './challenge/challenge.service.js';
import { Questions } from './challenge/questions.js';
import { SignatureProbe } from './challenge/signature-probe.js';
import { ChallengeRecord } from './entities/challenge.entity.js';
import { EventType } from './entities/event-type.entity.js';
import { SharedSecret } from './entities/shared-secret.entity.js';
import { SubscriptionSecret } from './entities/subscription-secret.entity.js';
import { Subscription } from './entities/subscription.entity.js';
import { Topic } from './entities/topic.entity.js';
import { EventTypesService } from './event-types/event-types.service.js';
import { BackgroundTasks } from './hub/background-tasks.js';
import { Followers } from './hub/followers.js';
import { Hub } from './hub/hub.js';
import { HubQuestions } from './hub/hub-questions.js';
import { Leases } from './hub/leases.js';
import { Topics } from './hub/topics.js';
import { LateConsent } from './late-consent.js';
import { Reverification } from './reverification.js';
import { SubscriptionRules } from './rules/subscription-rules.js';
import { UrlGate } from './rules/url-gate.js';
import { SecretBox } from './secrets/secret-box.js';
import { SharedSecrets } from './secrets/shared-secrets.js';
import { SubscriptionSecrets } from './secrets/subscription-secrets.js';
import { SubscriptionLifecycle } from './subscription-lifecycle.js';
import { SubscriptionRegistration } from './subscription-registration.js';
import { SubscriptionRevision } from './subscription-revision.js';
import { SubscriptionStore } from './subscription-store.js';
import { SubscriptionVerification } from './subscription-verification.js';
import { SubscriptionDirectory } from './subscription.directory.js';
import { SubscriptionsService } from './subscriptions.service.js';

/** Subscriptions, their secrets and challenges, and the directory that events are matched against. */
@Module({
  imports: [
    TypeOrmModule.forFeature([
      Subscription,
      SubscriptionSecret,
      EventType,
      ChallengeRecord,
      Topic,
      SharedSecret,
    ]),
  ],
  providers: [
    SubscriptionsService,
    SubscriptionRegistration,
    SubscriptionRevision,
    SubscriptionLifecycle,
    SubscriptionStore,
    SubscriptionSecrets,
    SecretBox,
    SubscriptionRules,
    UrlGate,
    ChallengeService,
    ChallengeLog,
    Questions,
    SignatureProbe,
    SubscriptionVerification,
    LateConsent,
    Reverification,
    EventTypesService,
    SubscriptionDirectory,
    SharedSecrets,
    Topics,
    Hub,
    HubQuestions,
    BackgroundTasks,
    Followers,
    Leases,
  ],
  exports: [
    SubscriptionsService,
    ChallengeLog,
    LateConsent,
    Reverification,
    EventTypesService,
    SubscriptionDirectory,
    SecretBox,
    SharedSecrets,
    Topics,
    Hub,
    Leases,
  ],
})
export class SubscriptionsModule {}
