import type { Dialect } from '#libs/signing';
import type { EventDocument } from './event-document.js';
import { AllOf, type Filter, type FilterDecision } from './filter.js';

/** What a profile's own fields ask of an event, such as the prefix of an object's key. */
class ProfileFilter implements Filter {
  readonly requirement = null;

  constructor(private readonly wants: NonNullable<Dialect['wants']>) {}

  matches(document: EventDocument): boolean {
    const { type = '', subject } = document;
    return this.wants({ type, subject, data: document.data });
  }

  decide(document: EventDocument): FilterDecision {
    const matches = this.matches(document);
    const detail = `The fields of the profile ${matches ? 'let it through' : 'keep it back'}.`;
    return { matches, clause: 'profileConfig', detail };
  }
}

/** A subscription's filter with what its profile asks beside it; null if neither asks anything. */
export function withProfile(filter: Filter | null, { wants }: Pick<Dialect, 'wants'>): Filter | null {
  if (wants === null) return filter;
  const own = new ProfileFilter(wants);
  return filter === null ? own : new AllOf('filter', [filter, own]);
}
