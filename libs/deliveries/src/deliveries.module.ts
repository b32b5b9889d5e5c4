import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ObservabilityModule } from '#libs/observability';
import { SubscriptionsModule } from '#libs/subscriptions';
import { Clock, SystemClock } from './clock.js';
import { DatabaseClock } from './database-clock.js';
import { DeliveryRetry } from './delivery-retry.js';
import { Attempter } from './dispatch/attempter.js';
import { DeliveryWorker } from './dispatch/delivery-worker.js';
import { Dispatcher } from './dispatch/dispatcher.js';
import { EventBodies } from './dispatch/event-bodies.js';
import { Lanes } from './dispatch/lanes.js';
import { AttemptTallyRow } from './entities/attempt-tally.entity.js';
import { DeliveryAttemptRow } from './entities/delivery-attempt.entity.js';
import { DeliveryLeaseRow } from './entities/delivery-lease.entity.js';
import { DeliveryRow } from './entities/delivery.entity.js';
import { EventMomentRow } from './entities/event-moment.entity.js';
import { EventRow } from './entities/event.entity.js';
import { IdempotencyKeyRow } from './entities/idempotency-key.entity.js';
import {
  ReconciliationDifferenceRow,
  ReconciliationRow,
  ReconciliationTallyRow,
  ReconciliationTotalRow,
  ReconciliationWindowRow,
} from './entities/reconciliation.entity.js';
import { SubscriptionGateRow } from './entities/subscription-gate.entity.js';
import { EngineMetrics } from './engine-metrics.js';
import { DueDeliveries } from './feed/claim.js';
import { DueSignal } from './feed/due-signal.js';
import { Feeder } from './feed/feeder.js';
import { CircuitBreaker } from './gate/circuit-breaker.js';
import { Gates } from './gate/gates.js';
import { HandOff } from './hand-off.js';
import { EventIntake } from './intake/event-intake.js';
import { EventPublishing } from './intake/event-publishing.js';
import { IntakeWorker } from './intake/intake-worker.js';
import { KnownEvents } from './intake/known-events.js';
import { AttemptTally } from './log/attempt-tally.js';
import { DeliveryLog } from './log/delivery-log.js';
import { DeliverySearch } from './log/delivery-search.js';
import { EventLog } from './log/event-log.js';
import { Explanations } from './log/explanations.js';
import { Overview } from './log/overview.js';
import { SubscriptionStats } from './log/subscription-stats.js';
import { Maintenance } from './maintenance.js';
import { EventFeed } from './pull-feed/event-feed.js';
import { ReconciliationMetrics } from './reconciliation/reconciliation-metrics.js';
import { ReconciliationOptions } from './reconciliation/reconciliation-options.js';
import { ReconciliationReport } from './reconciliation/reconciliation-report.js';
import { Reconciliation } from './reconciliation/reconciliation.js';
import { Settler } from './settle/settler.js';
import { TestEvents } from './test-events.js';

/** The path of an event: intake, feeder, dispatch, settle; and the log of it. */
@Module({
  imports: [
    ObservabilityModule,
    SubscriptionsModule,
    TypeOrmModule.forFeature([
      EventRow,
      DeliveryRow,
      DeliveryLeaseRow,
      DeliveryAttemptRow,
      AttemptTallyRow,
      EventMomentRow,
      IdempotencyKeyRow,
      SubscriptionGateRow,
      ReconciliationRow,
      ReconciliationWindowRow,
      ReconciliationTallyRow,
      ReconciliationTotalRow,
      ReconciliationDifferenceRow,
    ]),
  ],
  providers: [
    { provide: Clock, useClass: SystemClock },
    DatabaseClock,
    EngineMetrics,
    Gates,
    CircuitBreaker,
    HandOff,
    EventIntake,
    KnownEvents,
    EventPublishing,
    IntakeWorker,
    EventBodies,
    Attempter,
    Lanes,
    Dispatcher,
    DeliveryWorker,
    Settler,
    DueDeliveries,
    DueSignal,
    Feeder,
    ReconciliationOptions,
    ReconciliationReport,
    ReconciliationMetrics,
    Reconciliation,
    Maintenance,
    AttemptTally,
    DeliverySearch,
    DeliveryLog,
    EventLog,
    EventFeed,
    Explanations,
    Overview,
    SubscriptionStats,
    DeliveryRetry,
    TestEvents,
  ],
  exports: [
    EventPublishing,
    IntakeWorker,
    DeliveryWorker,
    Feeder,
    Maintenance,
    Reconciliation,
    DeliveryLog,
    EventLog,
    EventFeed,
    Explanations,
    Overview,
    SubscriptionStats,
    DeliveryRetry,
    TestEvents,
  ],
})
export class DeliveriesModule {}
