import { Module } from '@nestjs/common';
import { AccessModule } from '#libs/access';
import { AuditModule } from '#libs/audit';
import { DeliveriesModule } from '#libs/deliveries';
import { ApiDocs, HealthModule, Readiness } from '#libs/http-api';
import { MessageBroker } from '#libs/messaging';
import { SubscriptionsModule } from '#libs/subscriptions';
import { ApiKeysController } from './admin/api-keys.controller.js';
import { AuditLogController } from './admin/audit-log.controller.js';
import { OperationsController } from './admin/operations.controller.js';
import { ReconciliationController } from './admin/reconciliation.controller.js';
import { TenantsController } from './admin/tenants.controller.js';
import { CompatModule } from './compat/compat.module.js';
import { apiDocs } from './api-docs.js';
import { DeliveriesController } from './deliveries/deliveries.controller.js';
import { EventTypesController } from './event-types/event-types.controller.js';
import { EventsController } from './events/events.controller.js';
import { ProblemsController } from './docs/problems.controller.js';
import { SubscriptionActionsController } from './subscriptions/subscription-actions.controller.js';
import { SubscriptionFilterController } from './subscriptions/subscription-filter.controller.js';
import { PublicKeysController } from './subscriptions/public-keys.controller.js';
import { ConsentController } from './subscriptions/consent.controller.js';
import { SubscriptionChallengesController } from './subscriptions/subscription-challenges.controller.js';
import { SubscriptionStatsController } from './subscriptions/subscription-stats.controller.js';
import { SubscriptionsController } from './subscriptions/subscriptions.controller.js';

/** The REST API. It needs AppConfig, Database, MessageBroker and OutboundHttp from whoever composes the process. */
@Module({
  imports: [AccessModule, AuditModule, SubscriptionsModule, DeliveriesModule, CompatModule],
  controllers: [
    EventsController,
    EventTypesController,
    SubscriptionsController,
    SubscriptionActionsController,
    SubscriptionChallengesController,
    ConsentController,
    PublicKeysController,
    SubscriptionFilterController,
    SubscriptionStatsController,
    DeliveriesController,
    OperationsController,
    ReconciliationController,
    AuditLogController,
    TenantsController,
    ApiKeysController,
    ProblemsController,
  ],
  providers: [{ provide: ApiDocs, useFactory: () => apiDocs([ApiModule, CompatModule, HealthModule]) }],
})
export class ApiModule {
  constructor(readiness: Readiness, broker: MessageBroker) {
    // Events are accepted without it: dispatchers fetch them from PostgreSQL.
    readiness.watch('broker', () => broker.isReady(), { isNeeded: false });
  }
}
