import { MAX_EVENT_TYPE_LENGTH } from './limits.js';

const NAME = /^[A-Za-z0-9_]+(\.[A-Za-z0-9_]+)+$/;
const PATTERN = /^(\*|[A-Za-z0-9_]+(\.[A-Za-z0-9_]+)*\.\*)$/;

/** Whether the text names one event type: `area.thing.happened`, at least two parts. */
export function isEventTypeName(text: string): boolean {
  return text.length <= MAX_EVENT_TYPE_LENGTH && NAME.test(text);
}

/** Whether the text is a wildcard: `*`, `area.*`, `area.thing.*`. */
export function isEventTypeWildcard(text: string): boolean {
  return text.length <= MAX_EVENT_TYPE_LENGTH && PATTERN.test(text);
}

/** Whether a subscription's pattern wants an event type; `area.*` wants everything below `area`. */
export function matchesEventType(pattern: string, type: string): boolean {
  if (pattern === '*' || pattern === type) return true;
  return pattern.endsWith('.*') && type.startsWith(pattern.slice(0, -1));
}
