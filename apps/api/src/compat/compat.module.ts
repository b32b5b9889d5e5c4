import { Module } from '@nestjs/common';
import { AccessModule } from '#libs/access';
import { AuditModule } from '#libs/audit';
import { DeliveriesModule } from '#libs/deliveries';
import { SubscriptionsModule } from '#libs/subscriptions';
import { HubAddress } from './websub/hub-address.js';
import { HubController } from './websub/hub.controller.js';
import { HubRequestsLimit } from './websub/hub-requests-limit.js';
import { TopicPageController } from './websub/topic-page.controller.js';
import { TopicsController } from './websub/topics.controller.js';
import { KloudlessController } from './kloudless/kloudless.controller.js';
import { AccessTokens } from './preservica/access-tokens.js';
import { FailedLogins } from './preservica/failed-logins.js';
import { Logins } from './preservica/logins.js';
import { PreservicaSessionController } from './preservica/preservica-session.controller.js';
import { PreservicaSubscriptionsController } from './preservica/preservica-subscriptions.controller.js';
import { SharedSecretController } from './preservica/shared-secret.controller.js';

/** Doors for clients of other systems; behind each stands what the API has under its own names. */
@Module({
  imports: [AccessModule, AuditModule, SubscriptionsModule, DeliveriesModule],
  controllers: [
    PreservicaSessionController,
    PreservicaSubscriptionsController,
    SharedSecretController,
    KloudlessController,
    HubController,
    TopicPageController,
    TopicsController,
  ],
  providers: [AccessTokens, FailedLogins, Logins, HubAddress, HubRequestsLimit],
})
export class CompatModule {}
