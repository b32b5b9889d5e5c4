import type { DeliveryStatus } from '../entities/delivery.entity.js';
import type { AttemptVerdict } from '../settle/attempt-outcome.js';

/** A delivery as the API shows it. Times are ISO 8601. */
export interface DeliveryView {
  readonly id: string;
  readonly tenantId: string;
  readonly eventId: string;
  readonly eventType: string;
  readonly subscriptionId: string;
  readonly url: string;
  readonly status: DeliveryStatus;
  readonly reason: string | null;
  readonly attemptCount: number;
  readonly nextAttemptAt: string | null;
  readonly createdAt: string;
  /** One plain sentence: what happens next, and why. */
  readonly next: string;
  readonly lastAttempt: {
    readonly at: string;
    readonly outcome: AttemptVerdict;
    readonly responseStatus: number | null;
    readonly errorType: string | null;
  } | null;
}

export interface AttemptView {
  readonly number: number;
  readonly startedAt: string;
  readonly durationMs: number;
  /** Milliseconds of each phase; null where a kept connection made it unnecessary, or it was not reached. */
  readonly timings: Readonly<Record<string, number | null>>;
  readonly url: string;
  readonly outcome: AttemptVerdict;
  readonly errorType: string | null;
  readonly errorDetail: string | null;
  readonly responseStatus: number | null;
  readonly responseHeaders: Readonly<Record<string, string>> | null;
  /** At most 16 KiB, as UTF-8; other bytes are shown as U+FFFD. */
  readonly responseBody: string | null;
  readonly responseBodyTruncated: boolean;
  readonly retryAfterMs: number | null;
  readonly nextAttemptAt: string | null;
  /** The delivery whose request stood for this one as well, and with which the answer is kept; null: it had its own. */
  readonly carriedBy: string | null;
}

export interface DeliveryDetail extends DeliveryView {
  readonly attempts: readonly AttemptView[];
  /** A sentence, if the log does not hold all attempts any more. */
  readonly attemptsNote: string | null;
}

export interface DeliveryFilter {
  /** Null: all tenants (operators only). */
  readonly tenantId: string | null;
  readonly status?: DeliveryStatus | undefined;
  readonly subscriptionId?: string | undefined;
  readonly eventId?: string | undefined;
  readonly eventType?: string | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}
