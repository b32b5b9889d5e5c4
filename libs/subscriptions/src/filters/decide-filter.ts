import { invalidFields } from '../subscriptions.errors.js';
import { EventDocument } from './event-document.js';
import type { FilterDecision } from './filter.js';
import { isFilter, readFilter } from './read-filter.js';

/** An event, or as much of it as there is. */
export interface EventLike {
  readonly type?: string | undefined;
  readonly subject?: string | null | undefined;
  readonly data?: unknown;
}

/** What a filter says to an event, and why; throws `validation_failed` for what is no filter. */
export function decideFilter(filter: unknown, { type, subject, data }: EventLike): FilterDecision {
  const read = readFilter(filter);
  if (!isFilter(read)) throw invalidFields(read);
  return read.decide(new EventDocument(type, subject ?? undefined, () => data));
}
