export { DeliveriesModule } from './deliveries.module.js';
export { DeliveryRetry } from './delivery-retry.js';
export { DeliveryWorker } from './dispatch/delivery-worker.js';
export { DELIVERY_STATUSES, type DeliveryStatus } from './entities/delivery.entity.js';
export { Feeder } from './feed/feeder.js';
export { EventPublishing, type PublishRequest } from './intake/event-publishing.js';
export type { AcceptedEvent, BatchItem, RejectedEvent } from './intake/intake-job.js';
export { IntakeWorker } from './intake/intake-worker.js';
export { DeliveryLog } from './log/delivery-log.js';
export type { AttemptView, DeliveryDetail, DeliveryFilter, DeliveryView } from './log/delivery-view.js';
export { type EventDetail, EventLog, type EventView } from './log/event-log.js';
export type { ExplainedCheck, Explanation } from './log/explanation.js';
export { Explanations } from './log/explanations.js';
export { Overview, type OverviewView } from './log/overview.js';
export { type StatsView, type StatsWindow, SubscriptionStats } from './log/subscription-stats.js';
export { Maintenance } from './maintenance.js';
export { EventFeed, type FeedPage } from './pull-feed/event-feed.js';
export { MAX_CURSOR_LENGTH } from './pull-feed/feed-cursor.js';
export { DIFFERENCE_KINDS, type DifferenceKind } from './reconciliation/difference-kind.js';
export type {
  DeliveryNumbers,
  DifferencesOfKind,
  NamedDifference,
  ReconciliationView,
} from './reconciliation/reconciliation-view.js';
export { Reconciliation } from './reconciliation/reconciliation.js';
export { TestEvents } from './test-events.js';
