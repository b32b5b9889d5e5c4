import type { FieldError } from '#libs/kernel';
import { isEventTypeName, isEventTypeWildcard, MAX_EVENT_TYPES_PER_SUBSCRIPTION } from '#libs/events';
import { headerFaults } from './header-rules.js';
import type { SubscriptionChange } from './subscription-input.js';

const MAX_DESCRIPTION_LENGTH = 512;
const MIN_TIMEOUT_MS = 1_000;
const MAX_TIMEOUT_MS = 30_000;
const MAX_IN_FLIGHT = 500;
const MAX_RETRIES = 30;
const MAX_RETRY_SECONDS = 86_400;

type Rule = (value: unknown) => string | null;

const RULES: readonly (readonly [keyof SubscriptionChange, Rule])[] = [
  ['eventTypes', patternsFault],
  ['description', descriptionFault],
  ['timeoutMs', (value) => integerFault(value, MIN_TIMEOUT_MS, MAX_TIMEOUT_MS)],
  ['maxInFlight', (value) => (value === null ? null : integerFault(value, 1, MAX_IN_FLIGHT))],
  ['retry', (value) => (value === null ? null : retryFault(value))],
];

/** Everything that is wrong with the fields that are there; the API and libraries above pass what callers sent. */
export function settingsFaults(input: SubscriptionChange): FieldError[] {
  const faults = RULES.flatMap(([field, rule]): FieldError[] => {
    const message = input[field] === undefined ? null : rule(input[field]);
    return message === null ? [] : [{ field, message }];
  });
  return input.headers === undefined ? faults : [...faults, ...headerFaults(input.headers)];
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
  const isText = typeof value === 'string' && value.length <= MAX_DESCRIPTION_LENGTH && !value.includes('\0');
  return isText ? null : `must be a text of at most ${MAX_DESCRIPTION_LENGTH} characters`;
}

function retryFault(value: unknown): string | null {
  const shape = 'must look like {"scheduleSeconds": [5, 300]}';
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return shape;
  const { scheduleSeconds, ...rest } = value as Record<string, unknown>;
  if (Object.keys(rest).length > 0) return shape;
  if (scheduleSeconds === undefined) return null;
  if (!Array.isArray(scheduleSeconds) || scheduleSeconds.length > MAX_RETRIES) {
    return `scheduleSeconds must be a list of at most ${MAX_RETRIES} numbers`;
  }
  const isDelay = (item: unknown): boolean =>
    typeof item === 'number' && item >= 0 && item <= MAX_RETRY_SECONDS;
  return scheduleSeconds.every(isDelay)
    ? null
    : `scheduleSeconds must be numbers from 0 to ${MAX_RETRY_SECONDS}`;
}

function integerFault(value: unknown, min: number, max: number): string | null {
  const isInRange = Number.isInteger(value) && (value as number) >= min && (value as number) <= max;
  return isInRange ? null : `must be a whole number from ${min} to ${max}`;
}
