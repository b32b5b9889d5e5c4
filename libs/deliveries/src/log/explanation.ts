import { matchesEventType } from '#libs/events';
import { decideSubscription, type SubscriptionView } from '#libs/subscriptions';
import type { DeliveryView } from './delivery-view.js';
import type { EventView } from './event-log.js';

/** One of the questions that decide whether an event is sent. */
export interface ExplainedCheck {
  readonly name: 'status' | 'eventType' | 'filter';
  readonly outcome: 'passed' | 'failed' | 'unknown';
  readonly detail: string;
  /** Which part of the filter decided: `filter.all[1]`. */
  readonly clause: string | null;
}

/** Why an event was or was not sent to a subscription, as far as it is on record. */
export interface Explanation {
  /** In plain words. */
  readonly summary: string;
  /** In the order in which they are asked; by the settings of now. */
  readonly checks: readonly ExplainedCheck[];
  /** When the subscription was changed after the event was accepted; null: it says today what it said then. */
  readonly changedAt: string | null;
  readonly delivery: DeliveryView | null;
}

/** What is known of one event and one subscription. */
export interface Evidence {
  readonly subscription: SubscriptionView;
  readonly event: EventView;
  readonly delivery: DeliveryView | null;
  /** Whether intake made a delivery for it; null where that was not noted. */
  readonly wasChosen: boolean | null;
}

export function explain(evidence: Evidence): Explanation {
  const { subscription, event, delivery } = evidence;
  const acceptedAt = Date.parse(event.acceptedAt);
  const isChanged = subscription.updatedAt.getTime() > acceptedAt;
  const changedAt = isChanged ? subscription.updatedAt.toISOString() : null;
  const checks = [
    statusCheck(subscription, event, changedAt),
    typeCheck(subscription, event),
    filterCheck(subscription, event),
  ];
  return { summary: summaryOf(evidence, checks, changedAt), checks, changedAt, delivery };
}

function statusCheck(
  { createdAt, status, statusReason }: SubscriptionView,
  { acceptedAt }: EventView,
  changedAt: string | null,
): ExplainedCheck {
  const check = { name: 'status', clause: null } as const;
  if (createdAt.getTime() > Date.parse(acceptedAt)) {
    const detail = `The subscription was made at ${createdAt.toISOString()}, after the event was accepted at ${acceptedAt}.`;
    return { ...check, outcome: 'failed', detail };
  }
  const now = statusReason === null ? status : `${status} (${statusReason})`;
  if (changedAt !== null) {
    const detail = `It is ${now} now; what it was when the event was accepted at ${acceptedAt} is not kept.`;
    return { ...check, outcome: 'unknown', detail };
  }
  const isServed = status === 'active' || status === 'paused';
  const effect = isServed ? (status === 'paused' ? ': its deliveries are held' : '') : ' and gets no events';
  return { ...check, outcome: isServed ? 'passed' : 'failed', detail: `It is ${now}${effect}.` };
}

function typeCheck({ eventTypes }: SubscriptionView, { type }: EventView): ExplainedCheck {
  const pattern = eventTypes.find((one) => matchesEventType(one, type));
  const isWanted = pattern !== undefined;
  const detail = isWanted
    ? `${type} is wanted by ${pattern}.`
    : `${type} is not among its event types: ${eventTypes.join(', ')}.`;
  return { name: 'eventType', outcome: isWanted ? 'passed' : 'failed', detail, clause: null };
}

function filterCheck(subscription: SubscriptionView, event: EventView): ExplainedCheck {
  const decision = decideSubscription(subscription, event);
  if (decision === null)
    return { name: 'filter', outcome: 'passed', detail: 'It has no filter.', clause: null };
  const { matches, clause, detail } = decision;
  return { name: 'filter', outcome: matches ? 'passed' : 'failed', detail, clause };
}

function summaryOf(
  { delivery, wasChosen }: Evidence,
  checks: readonly ExplainedCheck[],
  changedAt: string | null,
): string {
  const failed = checks.find(({ outcome }) => outcome === 'failed');
  if (delivery !== null) {
    const doubt =
      failed && ' Its settings of now would not choose it: they were others, or it was a test event.';
    return `It has a delivery. ${delivery.next}${doubt ?? ''}`;
  }
  if (wasChosen) return 'It had a delivery, which is not there any more.';
  if (failed?.name === 'status') return `Not sent: ${failed.detail}`;
  if (changedAt !== null) {
    const now = failed ? `would not send it (${failed.detail})` : 'would send it';
    return `Not sent. The settings of now ${now}, but they were changed at ${changedAt}, after the event, and what they were before is not kept.`;
  }
  if (failed) return `Not sent: ${failed.detail}`;
  return 'Not sent, and nothing on record says why: it may have been a test event for another subscription, or accepted in the moment in which this one was made.';
}
