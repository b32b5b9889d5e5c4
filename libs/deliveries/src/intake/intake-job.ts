import type { BellhopEvent } from '#libs/events';
import { type FieldError, ID_PREFIX, isoTime, toTypeId } from '#libs/kernel';
import type { ParsedEvent } from '#libs/subscriptions';

/** An event as the publisher gets it back once it can no longer be lost. */
export interface AcceptedEvent {
  readonly id: string;
  readonly type: string;
  readonly timestamp: string;
  /** Deliveries that it made. */
  readonly deliveries: number;
}

/** Why one event of a batch was not accepted. */
export interface RejectedEvent {
  readonly code: string;
  readonly status: 409 | 413 | 422;
  readonly detail: string;
  readonly errors: readonly FieldError[];
}

export type BatchItem = AcceptedEvent | RejectedEvent;

/** Events that are accepted together or not at all. */
export interface IntakeJob {
  readonly events: readonly BellhopEvent[];
  /** Each event as it was parsed on the way, if it was: filters need not do it again. */
  readonly parsed?: readonly ParsedEvent[];
  /** Every id was made here a moment ago: none can have been accepted before. */
  readonly hasNewIds?: boolean;
  /** The outbox that the events leave in the same transaction. */
  readonly outbox?: string;
  readonly idempotency?: IdempotentRequest;
  /** Only this subscription gets it, whatever it subscribes to (test events). */
  readonly onlySubscriptionId?: string;
}

export interface IdempotentRequest {
  readonly tenantId: string;
  readonly key: string;
  readonly requestHash: Buffer;
  /** Makes the answer that is stored with the key, from the accepted events. */
  readonly respond: (accepted: readonly AcceptedEvent[]) => unknown;
}

export interface AcceptedJob {
  readonly kind: 'accepted';
  readonly events: readonly AcceptedEvent[];
  /** Those whose id had been accepted before; they wrote nothing. */
  readonly known: readonly BellhopEvent[];
  readonly deliveryIds: readonly string[];
}

export type IntakeAnswer =
  | AcceptedJob
  /** The idempotency key was used before: what was stored then. */
  | { readonly kind: 'repeated'; readonly requestHash: Buffer; readonly response: unknown };

export function acceptedEvent(event: BellhopEvent, deliveries: number): AcceptedEvent {
  const id = toTypeId(ID_PREFIX.event, event.id);
  return { id, type: event.type, timestamp: isoTime(event.timestamp), deliveries };
}
