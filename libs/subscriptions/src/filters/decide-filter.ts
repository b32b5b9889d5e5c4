import { dialectOf, type ProfileChoice } from '#libs/signing';
import type { Subscription } from '../entities/subscription.entity.js';
import { invalidFields } from '../subscriptions.errors.js';
import { EventDocument } from './event-document.js';
import type { FilterDecision } from './filter.js';
import { withProfile } from './profile-filter.js';
import { isFilter, readFilter } from './read-filter.js';

/** An event, or as much of it as there is. */
export interface EventLike {
  readonly type?: string | undefined;
  readonly subject?: string | null | undefined;
  readonly data?: unknown;
}

/** What a subscription asks of an event beyond its type, with the fields of its profile; null: nothing. */
export function decideSubscription(
  subscription: Pick<Subscription, 'id' | 'filter'> & ProfileChoice,
  { type, subject, data }: EventLike,
): FilterDecision | null {
  const read = subscription.filter === null ? null : readFilter(subscription.filter);
  if (read !== null && !isFilter(read)) throw invalidFields(read);
  const filter = withProfile(read, dialectOf(subscription, subscription.id));
  return filter?.decide(new EventDocument(type, subject ?? undefined, () => data)) ?? null;
}

/** What a filter says to an event, and why; throws `validation_failed` for what is no filter. */
export function decideFilter(filter: unknown, { type, subject, data }: EventLike): FilterDecision {
  const read = readFilter(filter);
  if (!isFilter(read)) throw invalidFields(read);
  return read.decide(new EventDocument(type, subject ?? undefined, () => data));
}
