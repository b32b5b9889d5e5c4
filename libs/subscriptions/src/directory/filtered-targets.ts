import type { EventDocument } from '../filters/event-document.js';
import type { FilterPath } from '../filters/filter-path.js';
import type { Target } from './target.js';

interface ByValue {
  readonly path: FilterPath;
  readonly targets: Map<unknown, Target[]>;
}

/**
 * The targets of one event type of which some have a filter. Those that require a certain value are found by it, so
 * that ten thousand subscriptions which each want the events of another customer cost one lookup and not ten thousand.
 */
export class FilteredTargets {
  private readonly always: Target[] = [];
  private readonly byPath = new Map<string, ByValue>();
  private readonly others: Target[] = [];

  constructor(targets: readonly Target[]) {
    for (const target of targets) this.add(target);
  }

  /** The targets that want this event. */
  wanting(document: EventDocument): readonly Target[] {
    const found = [...this.always];
    const addMatching = (targets: readonly Target[]): void => {
      for (const target of targets) if (target.filter?.matches(document)) found.push(target);
    };
    for (const { path, targets } of this.byPath.values())
      addMatching(targets.get(path.valueIn(document)) ?? []);
    addMatching(this.others);
    return found;
  }

  private add(target: Target): void {
    const { filter } = target;
    if (!filter) this.always.push(target);
    else if (filter.requirement === null) this.others.push(target);
    else {
      const { path, values } = filter.requirement;
      for (const value of values) this.addUnder(path, value, target);
    }
  }

  private addUnder(path: FilterPath, value: unknown, target: Target): void {
    let { targets } = this.byPath.get(path.key) ?? {};
    if (targets === undefined) this.byPath.set(path.key, { path, targets: (targets = new Map()) });
    const sameValue = targets.get(value);
    if (sameValue) sameValue.push(target);
    else targets.set(value, [target]);
  }
}
