import type { DifferenceKind } from './difference-kind.js';

/** accepted = delivered + pending + exhausted + discarded, unless something is missing. */
export interface DeliveryNumbers {
  readonly accepted: number;
  readonly delivered: number;
  readonly pending: number;
  readonly exhausted: number;
  readonly discarded: number;
}

/** One row that is not as it must be, or was not. */
export interface NamedDifference {
  readonly tenantId: string;
  readonly eventId: string;
  readonly subscriptionId: string | null;
  readonly deliveryId: string | null;
  readonly foundAt: string;
  readonly repairedAt: string | null;
}

export interface DifferencesOfKind {
  readonly kind: DifferenceKind;
  readonly count: number;
  /** The first of them. */
  readonly sample: readonly NamedDifference[];
}

export interface ReconciliationView {
  /** Everything accepted before this time is in the numbers. */
  readonly checkedUntil: string;
  /** When the last round ended; null before the first one. */
  readonly ranAt: string | null;
  readonly durationMs: number;
  /** Deliveries compared so far, in all rounds. */
  readonly rowsChecked: number;
  /** The equation holds for everyone, and nothing else is wrong. */
  readonly balanced: boolean;
  readonly totals: DeliveryNumbers;
  /** The tenants of the subscriptions on this page, with all that is theirs. */
  readonly tenants: readonly (DeliveryNumbers & { readonly tenantId: string })[];
  readonly subscriptions: readonly (DeliveryNumbers & {
    readonly subscriptionId: string;
    readonly tenantId: string;
  })[];
  readonly nextCursor: string | null;
  readonly differences: readonly DifferencesOfKind[];
  /** What was put right in the last 30 days. */
  readonly repaired: readonly DifferencesOfKind[];
}

/** Which of the subscriptions to show. */
export interface ReportPage {
  readonly limit: number;
  readonly cursor?: string | undefined;
}
