import type { FieldError } from '#libs/kernel';
import { isEventTypeName, isEventTypeWildcard, MAX_EVENT_TYPES_PER_SUBSCRIPTION } from '#libs/events';
import { filterFaults } from '../filters/read-filter.js';
import { headerFaults } from './header-rules.js';
import { SUBSCRIPTION_LIMITS } from './limits.js';
import type { SubscriptionChange } from './subscription-input.js';

type Rule = (value: unknown) => string | null;

const RULES: readonly (readonly [keyof SubscriptionChange, Rule])[] = [
  ['eventTypes', patternsFault],
  ['description', descriptionFault],
  [
    'timeoutMs',
    (value) => integerFault(value, SUBSCRIPTION_LIMITS.minTimeoutMs, SUBSCRIPTION_LIMITS.maxTimeoutMs),
  ],
  ['maxInFlight', (value) => (value === null ? null : integerFault(value, 1, SUBSCRIPTION_LIMITS.inFlight))],
  [
    'rateLimitPerSecond',
    (value) => (value === null ? null : integerFault(value, 1, SUBSCRIPTION_LIMITS.ratePerSecond)),
  ],
  [
    'reverifyEveryHours',
    (value) => (value === null ? null : integerFault(value, 0, SUBSCRIPTION_LIMITS.reverifyHours)),
  ],
  ['retry', (value) => (value === null ? null : retryFault(value))],
];

/** Everything that is wrong with the fields that are there; the API and libraries above pass what callers sent. */
export function settingsFaults(input: SubscriptionChange): FieldError[] {
  const faults = RULES.flatMap(([field, rule]): FieldError[] => {
    const message = input[field] === undefined ? null : rule(input[field]);
    return message === null ? [] : [{ field, message }];
  });
  if (input.headers !== undefined) faults.push(...headerFaults(input.headers));
  if (input.filter !== undefined && input.filter !== null) faults.push(...filterFaults(input.filter));
  return faults;
}

function patternsFault(value: unknown): string | null {
  if (!Array.isArray(value) || value.length === 0) return 'must be a list of at least one event type';
  if (new Set(value).size > MAX_EVENT_TYPES_PER_SUBSCRIPTION) {
    return `must not have more than ${MAX_EVENT_TYPES_PER_SUBSCRIPTION} members`;
  }
  const isPattern = (item: unknown): boolean =>
    typeof item === 'string' && (isEventTypeName(item) || isEventTypeWildcard(item));
  return value.every(isPattern) ? null : 'must be names like area.thing.happened, area.* or *';
}

function descriptionFault(value: unknown): string | null {
  if (value === null) return null;
  const isText =
    typeof value === 'string' &&
    value.length <= SUBSCRIPTION_LIMITS.descriptionLength &&
    !value.includes('\0');
  return isText ? null : `must be a text of at most ${SUBSCRIPTION_LIMITS.descriptionLength} characters`;
}

function retryFault(value: unknown): string | null {
  const shape = 'must look like {"scheduleSeconds": [5, 300]}';
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return shape;
  const { scheduleSeconds, ...rest } = value as Record<string, unknown>;
  if (Object.keys(rest).length > 0) return shape;
  if (scheduleSeconds === undefined) return null;
  if (!Array.isArray(scheduleSeconds) || scheduleSeconds.length > SUBSCRIPTION_LIMITS.retries) {
    return `scheduleSeconds must be a list of at most ${SUBSCRIPTION_LIMITS.retries} numbers`;
  }
  const isDelay = (item: unknown): boolean =>
    typeof item === 'number' && item >= 0 && item <= SUBSCRIPTION_LIMITS.retrySeconds;
  return scheduleSeconds.every(isDelay)
    ? null
    : `scheduleSeconds must be numbers from 0 to ${SUBSCRIPTION_LIMITS.retrySeconds}`;
}

function integerFault(value: unknown, min: number, max: number): string | null {
  const isInRange = Number.isInteger(value) && (value as number) >= min && (value as number) <= max;
  return isInRange ? null : `must be a whole number from ${min} to ${max}`;
}
