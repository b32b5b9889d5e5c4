/**
 * What can be wrong, the worst first.
 * delivery_missing: the event was accepted for this subscription, and there is no delivery ·
 * delivery_stuck: pending, and nobody will ever pick it up ·
 * delivery_held: put aside, though its subscription takes deliveries ·
 * delivery_unplanned: there is one, though the event was not accepted for this subscription ·
 * delivered_without_attempt: delivered, and the log has no attempt that was ·
 * attempts_missing: the log has fewer attempts than were counted ·
 * outbox_waiting: committed by an application minutes ago, and not accepted yet.
 */
export const DIFFERENCE_KINDS = [
  'delivery_missing',
  'delivery_stuck',
  'delivery_held',
  'delivery_unplanned',
  'delivered_without_attempt',
  'attempts_missing',
  'outbox_waiting',
] as const;
export type DifferenceKind = (typeof DIFFERENCE_KINDS)[number];

/** Those that are repaired by making a delivery due; what else is wrong is for a person to judge. */
export const REPAIRED_KINDS: readonly DifferenceKind[] = [
  'delivery_missing',
  'delivery_stuck',
  'delivery_held',
];

/** Stands for the subscription where none is concerned. */
export const NO_SUBSCRIPTION = '00000000-0000-0000-0000-000000000000';

/** One row that is not as it must be. Ids are UUIDs. */
export interface Difference {
  readonly kind: DifferenceKind;
  readonly tenantId: string;
  readonly eventId: string;
  readonly subscriptionId: string;
  readonly deliveryId: string | null;
}

export type DifferenceCounts = Readonly<Partial<Record<DifferenceKind, number>>>;
